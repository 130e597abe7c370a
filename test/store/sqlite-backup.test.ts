import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { assertUnusedAndEmpty, copySqlite, sqlitePathOf } from '../../store/sqlite-backup.ts';
import { put, type Store } from '../../store/store.ts';
import { refused } from './ends.ts';
import { note, notes } from './notes.ts';
import { otherProcess } from './other-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const openAt = (path: string): Promise<Store> => createSqliteStore({ path, clock: systemClock, log: silentLog });
const refusal = (work: () => unknown) => refused(Promise.resolve().then(work));

describe('a copy of the SQLite store', function () {
  this.timeout(20_000);
  const inFolder = temporaryFolder();

  it('holds everything acknowledged before, while another process goes on writing, and is one private file [O4]', async () => {
    const other = otherProcess('acknowledge', inFolder('ops.db'));
    await other.said(500);
    const before = [...other.lines];

    await copySqlite(inFolder('ops.db'), inFolder('copy.db'));
    const meanwhile = other.lines.length;
    await other.said(meanwhile + 50);
    other.child.kill('SIGKILL');
    await other.ended;

    const db = new Database(inFolder('copy.db'), { readonly: true });
    const held = new Set(db.prepare('SELECT id FROM records').pluck().all());
    db.close();
    expect(before.filter((id) => !held.has(id))).to.deep.equal([]);
    expect(statSync(inFolder('copy.db')).mode & 0o777).to.equal(0o600);
    expect(['-wal', '-shm', '-journal'].filter((ending) => existsSync(inFolder(`copy.db${ending}`)))).to.deep.equal([]);
  });

  it('is never written over a file that exists [O4]', async () => {
    const store = await openAt(inFolder('ops.db'));
    writeFileSync(inFolder('copy.db'), 'precious');

    const error = await refused(copySqlite(inFolder('ops.db'), inFolder('copy.db')));
    await store.close();

    expect(error.code).to.equal('store_unavailable');
    expect(error.message).to.include('is not written over');
    expect(readFileSync(inFolder('copy.db'), 'utf8')).to.equal('precious');
  });

  it('is not left behind when the store is missing, empty, damaged or of another program [O4]', async () => {
    writeFileSync(inFolder('empty.db'), '');
    const foreign = new Database(inFolder('foreign.db'));
    foreign.exec('CREATE TABLE theirs (id INTEGER)');
    foreign.close();
    const store = await openAt(inFolder('damaged.db'));
    await store.transact(Array.from({ length: 90 }, (_, n) => put(notes, `n${n}`, note({ text: 'x'.repeat(900) }))));
    await store.close();
    const bytes = readFileSync(inFolder('damaged.db'));
    writeFileSync(inFolder('damaged.db'), bytes.fill(0xaa, 8 * 4096, 12 * 4096));
    const names = ['missing.db', 'empty.db', 'foreign.db', 'damaged.db'];

    const errors = await Promise.all(
      names.map((name) => refused(copySqlite(inFolder(name), inFolder(`${name}.copy`)))),
    );

    expect(errors.map(({ code }) => code)).to.deep.equal([
      'store_unavailable',
      'store_corrupt',
      'store_unavailable',
      'store_corrupt',
    ]);
    expect(names.filter((name) => existsSync(inFolder(`${name}.copy`)))).to.deep.equal([]);
  });

  it('takes the place of an empty store that nobody uses only [O4]', async () => {
    const used = await openAt(inFolder('used.db'));
    await used.transact([put(notes, 'n', note())]);
    await used.close();
    const open = await openAt(inFolder('open.db'));
    await (await openAt(inFolder('empty.db'))).close();
    const other = otherProcess('hold', inFolder('held.db'));
    await other.said(1);

    const refusals = await Promise.all(
      ['used.db', 'open.db', 'held.db'].map((name) => refusal(() => assertUnusedAndEmpty(inFolder(name)))),
    );
    const empty = () => assertUnusedAndEmpty(inFolder('empty.db'));

    expect(empty).not.to.throw();
    expect(refusals.map(({ message }) => message)).to.satisfy(
      ([records, opened, held]: string[]) =>
        /holds records/.test(records ?? '') &&
        /another process/.test(opened ?? '') &&
        /another process/.test(held ?? ''),
    );
    await open.close();
    other.child.stdin?.end();
    await other.ended;
  });

  it('is for SQLite files only [O4]', async () => {
    const refusals = await Promise.all(
      ['sqlite::memory:', 'sqlite:', 'dynamodb:opsagent'].map((uri) => refusal(() => sqlitePathOf(uri))),
    );

    const path = sqlitePathOf('sqlite:./data/ops.db');

    expect(path).to.equal('./data/ops.db');
    expect(refusals.map(({ code }) => code)).to.deep.equal(Array(3).fill('config_invalid'));
  });
});
