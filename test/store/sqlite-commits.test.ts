import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { type Log, silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { startCommitThread } from '../../store/sqlite-commits.ts';
import { put, type Store } from '../../store/store.ts';
import { noteRow, refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';
import { storeContract } from './store-contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('commits on a thread', function () {
  this.timeout(30_000);
  const inFolder = temporaryFolder();

  /** A store that found its first commit too long, once its thread has taken over. */
  async function openOnThread(busyTimeoutMs?: number): Promise<{ store: Store; setNow(ms: number): void }> {
    const { clock, setNow } = movableClock();
    const started = Promise.withResolvers<void>();
    const log: Log = { ...silentLog, info: () => started.resolve() };
    const store = await createSqliteStore({ path: inFolder('ops.db'), clock, log, busyTimeoutMs, longestHoldMs: 0 });
    await store.transact([]);
    await started.promise;
    return { store, setNow };
  }

  storeContract('a SQLite file whose commits a thread makes', () => openOnThread(200));

  it('are made here while they are quick, and for a store in memory [G9]', async () => {
    const said: string[] = [];
    const log: Log = { ...silentLog, info: (_facts, message) => said.push(message) };
    const options = { clock: movableClock().clock, log };
    const quick = await createSqliteStore({ ...options, path: inFolder('ops.db'), longestHoldMs: 1_000 });
    const inMemory = await createSqliteStore({ ...options, path: ':memory:', longestHoldMs: 0 });

    for (const store of [quick, inMemory])
      for (let n = 0; n < 20; n += 1) await store.transact([put(counters, `c${n}`, { count: n })]);
    await pause(300);

    expect(said).to.deep.equal([]);
    await Promise.all([quick.close(), inMemory.close()]);
  });

  it('hold nobody up while another program keeps the file, and are refused when it keeps it too long [A3]', async () => {
    const { store } = await openOnThread(400);
    await store.transact([put(notes, 'n', note())]);
    const other = new Database(inFolder('ops.db'));
    other.exec('BEGIN IMMEDIATE');
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);

    const attempt = refused(store.transact([put(notes, 'm', note())]));
    const read = await noteRow(store, 'n');
    const error = await attempt;
    clearInterval(ticking);
    other.exec('ROLLBACK');
    const after = await store.transact([put(notes, 'm', note())]);

    expect([error.code, error.retryable, read.id]).to.deep.equal(['store_unavailable', true, 'n']);
    expect(error.message).to.match(/^another process holds the store/);
    expect(ticks).to.be.greaterThan(5);
    expect(after).to.deep.equal({ committed: true });
    other.close();
    await store.close();
  });

  it('say that the outcome is unknown when the thread ends in the middle, and take nothing more [G10, A3]', async () => {
    const path = inFolder('ops.db');
    await (await openOnThread()).store.close();
    const { clock } = movableClock();
    const thread = startCommitThread({ path, busyTimeoutMs: 10_000, clock, log: silentLog });
    while (!thread.ready()) await pause(5);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');

    const attempt = refused(thread.commit([{ writes: [] }]));
    await thread.close();
    const error = await attempt;

    expect([error.code, error.hint.includes('known after the next read')]).to.deep.equal(['store_unavailable', true]);
    expect(thread.ready()).to.equal(false);
    other.close();
  });

  it('go on here when the thread cannot open the file', async () => {
    const { clock } = movableClock();
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (_facts, message) => errors.push(message) };
    const thread = startCommitThread({ path: inFolder('.'), busyTimeoutMs: 50, clock, log });

    while (errors.length === 0) await pause(5);

    expect(errors).to.deep.equal(['the thread for commits failed']);
    expect(thread.ready()).to.equal(false);
    await thread.close();
  });
});
