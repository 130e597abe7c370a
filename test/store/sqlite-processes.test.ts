import { chmodSync, chownSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put, type Store } from '../../store/store.ts';
import { noteRow, refused } from './ends.ts';
import { counters, note, notes } from './notes.ts';
import { otherProcess } from './other-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the SQLite store between processes', function () {
  this.timeout(30_000);
  const inFolder = temporaryFolder();
  const openStore = (): Promise<Store> =>
    createSqliteStore({ path: inFolder('ops.db'), clock: systemClock, log: silentLog, busyTimeoutMs: 150 });

  it('loses nothing that was acknowledged before kill -9 [O5]', async () => {
    const other = otherProcess('acknowledge', inFolder('ops.db'));
    await other.said(300);
    other.child.kill('SIGKILL');
    const acknowledged = await other.ended;

    const store = await openStore();
    const found = await Promise.all(acknowledged.map((id) => store.get(notes, id)));

    expect(acknowledged.length).to.be.at.least(300);
    expect(found.filter((row) => row === undefined)).to.have.length(0);
    await store.close();
  });

  it('lets several processes count on one row without losing one', async () => {
    const others = [1, 2, 3].map(() => otherProcess('increment', inFolder('ops.db')));

    const said = await Promise.all(others.map(({ ended }) => ended));

    const store = await openStore();
    expect(said.flat()).to.have.length(3);
    expect(await store.get(counters, 'shared')).to.deep.equal({ id: 'shared', version: 300, value: { count: 300 } });
    await store.close();
  });

  it('tells the callers when another process keeps the lock, keeps reading, lives on meanwhile, and goes on afterwards', async () => {
    const store = await openStore();
    await store.transact([put(notes, 'n', note())]);
    const other = otherProcess('hold', inFolder('ops.db'));
    await other.said(1);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);

    const refusals = await Promise.all([
      refused(store.transact([put(notes, 'm', note())])),
      refused(store.transact([put(notes, 'o', note())])),
    ]);
    const read = await noteRow(store, 'n');
    clearInterval(ticking);
    other.child.stdin?.end();
    await other.ended;
    const after = await store.transact([put(notes, 'm', note())]);

    expect(refusals.map(({ code, retryable }) => [code, retryable])).to.deep.equal(
      Array(2).fill(['store_unavailable', true]),
    );
    expect(refusals[0]?.hint).to.include('Try again');
    expect(read.version).to.equal(1);
    expect(ticks).to.be.at.least(2);
    expect(after).to.deep.equal({ committed: true });
    await store.close();
  });

  it('waits for a lock that is let go in time', async () => {
    const store = await createSqliteStore({ path: inFolder('ops.db'), clock: systemClock, log: silentLog });
    const other = otherProcess('hold', inFolder('ops.db'));
    await other.said(1);

    const writing = store.transact([put(notes, 'n', note())]);
    setTimeout(() => other.child.stdin?.end(), 100);
    const end = await writing;

    expect(end).to.deep.equal({ committed: true });
    await store.close();
  });

  it('refuses to open a file it may not write', async () => {
    const store = await openStore();
    await store.close();
    chmodSync(inFolder('ops.db'), 0o444);
    // The superuser may write everything, so the other process is nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(dirname(inFolder('ops.db')), 65_534, 65_534);

    const said = await otherProcess('open', inFolder('ops.db'), { uid: isRoot ? 65_534 : undefined }).ended;

    expect(said).to.deep.equal(['store_unavailable']);
  });

  it('tells every caller of a group when the disk refuses the write, and keeps what was acknowledged', async () => {
    const said = await otherProcess('fill', inFolder('ops.db'), { mostBytes: 2_097_152 }).ended;

    const acknowledged = said.filter((line) => /^[abc]-\d+$/.test(line));
    const store = await openStore();
    const found = await Promise.all(acknowledged.map((id) => store.get(notes, id)));
    expect(said.slice(acknowledged.length)).to.deep.equal([
      ...Array(3).fill('refused: store_unavailable'),
      'reads: a-0',
    ]);
    expect(acknowledged.length).to.be.above(10);
    expect(found.filter((row) => row === undefined)).to.have.length(0);
    await store.close();
  });
});
