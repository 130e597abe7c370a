import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { probeSqlite } from '../../store/sqlite-probe.ts';
import { put } from '../../store/store.ts';
import { refused } from './ends.ts';
import { note, notes } from './notes.ts';
import { otherProcess } from './other-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a probe of the SQLite store', function () {
  this.timeout(20_000);
  const inFolder = temporaryFolder();
  const refusal = (path: string) => refused(Promise.resolve().then(() => probeSqlite(path)));

  it('finds a store that can be written, and leaves no trace in it [O4]', async () => {
    const store = await createSqliteStore({ path: inFolder('ops.db'), clock: systemClock, log: silentLog });
    await store.transact([put(notes, 'n', note())]);
    await store.close();
    const before = readFileSync(inFolder('ops.db'));

    const found = probeSqlite(inFolder('ops.db'));

    expect(found).to.equal('current');
    expect(readFileSync(inFolder('ops.db')).equals(before)).to.equal(true);
    expect(existsSync(inFolder('ops.db-wal'))).to.equal(false);
  });

  it('makes neither a file nor a folder where there is no store, and upgrades none [O4]', () => {
    const old = new Database(inFolder('old.db'));
    old.pragma(`application_id = ${0x4f707341}`);
    old.pragma('user_version = 1');
    old.close();

    const found = [inFolder('new/deep/ops.db'), inFolder('old.db')].map(probeSqlite);

    const after = new Database(inFolder('old.db'), { readonly: true });
    expect(after.pragma('user_version', { simple: true })).to.equal(1);
    after.close();
    expect(found).to.deep.equal(['absent', 'older']);
    expect(existsSync(inFolder('new'))).to.equal(false);
  });

  it('says what would keep a start from writing [O4]', async () => {
    writeFileSync(inFolder('garbled.db'), 'this is no database, and it is long enough to be taken for one'.repeat(20));
    writeFileSync(inFolder('a-file'), '');
    await (await createSqliteStore({ path: inFolder('held.db'), clock: systemClock, log: silentLog })).close();
    const other = otherProcess('hold', inFolder('held.db'));
    await other.said(1);

    const errors = await Promise.all(['garbled.db', 'held.db', 'a-file/ops.db'].map((name) => refusal(inFolder(name))));
    other.child.stdin?.end();
    await other.ended;

    expect(errors.map(({ code }) => code)).to.deep.equal(['store_corrupt', 'store_unavailable', 'store_unavailable']);
    expect(errors[1]?.message).to.include('another process');
  });
});
