import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { assertDurable, openSqliteFile } from '../../store/sqlite-file.ts';
import { put, type Store, update } from '../../store/store.ts';
import { noteRow, refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';
import { storeContract } from './store-contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the SQLite store', () => {
  const inFolder = temporaryFolder();
  const { clock, setNow } = movableClock();
  const openStore = (path: string): Promise<Store> =>
    createSqliteStore({ path, clock, log: silentLog, busyTimeoutMs: 200 });

  storeContract('a SQLite file', async () => ({ store: await openStore(inFolder('contract.db')), setNow }));
  storeContract('SQLite in memory', async () => ({ store: await openStore(':memory:'), setNow }));

  describe('the file', () => {
    it('is written so that a commit survives the loss of power: WAL, synced at each commit', async () => {
      const db = await openSqliteFile(inFolder('ops.db'), 200);

      const pragmas = ['journal_mode', 'synchronous'].map((name) => db.pragma(name, { simple: true }));

      expect(pragmas).to.deep.equal(['wal', 2]);
      db.close();
    });

    it('is refused when it would be less durable than that', async () => {
      const db = await openSqliteFile(inFolder('ops.db'), 200);
      db.pragma('synchronous = NORMAL');

      const attempt = () => assertDurable(db, 'ops.db');

      expect(attempt).to.throw('would not be durable').with.property('code', 'store_unavailable');
      db.close();
    });

    it('is made with its folder, for its owner alone to read', async () => {
      const path = inFolder('not/there/yet/ops.db');

      const store = await openStore(path);
      await store.transact([put(notes, 'n', note())]);

      expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).to.deep.equal([0o600, 0o600]);
      await store.close();
    });

    it('keeps rows, versions and lists when it is closed and opened again [O5]', async () => {
      const path = inFolder('ops.db');
      const first = await openStore(path);
      await first.transact([put(notes, 'n', note())]);
      await first.transact([update(notes, await noteRow(first, 'n'), note({ text: 'second' }))]);
      await first.close();

      const second = await openStore(path);

      expect(await noteRow(second, 'n')).to.deep.equal({ id: 'n', version: 2, value: note({ text: 'second' }) });
      expect((await second.query(notes, { index: 'by_author', partition: 'alice', limit: 5 })).rows).to.have.length(1);
      await second.close();
    });

    it('is refused and left as it is when it is garbage, or was cut off', async () => {
      const [garbage, short, small, cut] = ['garbage.db', 'short.db', 'small.db', 'cut.db'].map(inFolder);
      writeFileSync(String(garbage), 'this is a letter, not a database\n'.repeat(500));
      writeFileSync(String(short), 'x');
      writeFileSync(String(small), 'x'.repeat(600));
      await writeRows(String(cut), 500);
      truncateSync(String(cut), 16_384);
      const paths = [garbage, short, small, cut].map(String);
      const before = paths.map((path) => readFileSync(path).toString('base64'));

      const refusals = await Promise.all(paths.map((path) => refused(openStore(path))));

      expect(refusals.map(({ code }) => code)).to.deep.equal(Array(4).fill('store_corrupt'));
      expect(refusals[0]?.message).to.include('garbage.db');
      expect(refusals[0]?.hint).to.include('restore a backup').and.include('move the file');
      expect(paths.map((path) => readFileSync(path).toString('base64'))).to.deep.equal(before);
    });

    it('is refused when it was emptied while commits wait in its log, which SQLite would throw away', async () => {
      const path = inFolder('ops.db');
      writeFileSync(path, '');
      writeFileSync(`${path}-wal`, 'commits');

      const refusal = await refused(openStore(path));

      expect(refusal.code).to.equal('store_corrupt');
      expect(readFileSync(`${path}-wal`, 'utf8')).to.equal('commits');
    });

    it('tells of a damaged page when the page is read, and serves the others', async () => {
      const path = inFolder('ops.db');
      await writeRows(path, 2000);
      const bytes = readFileSync(path);
      bytes.fill(0xa5, Math.floor(bytes.length / 8192) * 4096, Math.floor(bytes.length / 8192) * 4096 + 4096 * 8);
      writeFileSync(path, bytes);
      const store = await openStore(path);

      const codes = new Set<string>();
      for (let n = 0; n < 2000; n++) {
        const end = await store.get(notes, `n${n}`).then(
          (found) => (found ? 'found' : 'lost'),
          (error) => error.code,
        );
        codes.add(end);
      }

      expect(codes).to.deep.equal(new Set(['found', 'store_corrupt']));
      await store.close();
    });

    it('is refused when a newer OpsAgent wrote it, or when it belongs to another program', async () => {
      const [newer, foreign] = [inFolder('newer.db'), inFolder('foreign.db')];
      await writeRows(newer, 1);
      sql(newer, 'PRAGMA user_version = 99');
      sql(foreign, 'CREATE TABLE theirs (x); PRAGMA user_version = 1');

      const refusals = [await refused(openStore(newer)), await refused(openStore(foreign))];

      expect(refusals.map(({ code }) => code)).to.deep.equal(['store_unavailable', 'store_unavailable']);
      expect(refusals[0]?.message).to.include('newer OpsAgent').and.include('schema 99');
      expect(refusals[1]?.message).to.include('another program');
    });

    it('keeps all there is when it was written with schema 1, in which rows had no rowid', async () => {
      const path = inFolder('old.db');
      await writeRows(path, 30);
      sql(
        path,
        `ALTER TABLE records RENAME TO newer;
         CREATE TABLE records (
           kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
           body TEXT NOT NULL, entries TEXT NOT NULL, expires_at INTEGER, PRIMARY KEY (kind, id)
         ) WITHOUT ROWID, STRICT;
         INSERT INTO records SELECT kind, id, version, body, entries, expires_at FROM newer;
         DROP TABLE newer;
         CREATE INDEX records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
         PRAGMA user_version = 1;`,
      );

      const stores = await Promise.all([openStore(path), openStore(path)]);
      const [store] = stores;
      const { rows } = await store.query(notes, { index: 'by_author', partition: 'alice', limit: 200 });
      const [first] = rows;
      const moved = first && (await store.transact([update(notes, first, note({ author: 'bob' }))]));

      expect(rows).to.have.length(30);
      expect(moved).to.deep.equal({ committed: true });
      expect((await store.query(notes, { index: 'by_author', partition: 'bob', limit: 200 })).rows).to.have.length(1);
      for (const one of stores) await one.close();
      expect(await openStore(path).then((again) => again.close())).to.equal(undefined);
    });

    it('is refused where no file can be', async () => {
      writeFileSync(inFolder('a-file'), '');

      const refusals = [await refused(openStore(inFolder('.'))), await refused(openStore(inFolder('a-file/ops.db')))];

      expect(refusals.map(({ code }) => code)).to.deep.equal(['store_unavailable', 'store_unavailable']);
    });
  });

  describe('a row', () => {
    it('its schema refuses is named, and the others are served', async () => {
      const path = inFolder('ops.db');
      await writeRows(path, 3);
      sql(path, `UPDATE records SET body = '{"text":1}' WHERE id = 'n1'`);
      sql(path, `UPDATE records SET body = '{"te' WHERE id = 'n2'`);
      const store = await openStore(path);

      const refusals = [
        await refused(store.get(notes, 'n1')),
        await refused(store.get(notes, 'n2')),
        await refused(store.query(notes, { index: 'by_author', partition: 'alice', limit: 5 })),
      ];

      expect(refusals.map(({ code }) => code)).to.deep.equal(Array(3).fill('store_corrupt'));
      expect(refusals[0]?.message).to.include('note n1');
      expect((await noteRow(store, 'n0')).version).to.equal(1);
      await store.close();
    });

    it('that has expired is swept with its place in lists at a later commit, at most once a minute', async () => {
      const path = inFolder('ops.db');
      setNow(1_000);
      const store = await openStore(path);
      const keep = note({ keepUntil: 2_000 });
      await store.transact([put(notes, 'short', keep), put(notes, 'long', note({ keepUntil: 900_000 }))]);
      const commitAt = async (ms: number) => {
        setNow(ms);
        await store.transact([put(counters, `at ${ms}`, { count: 1 })]);
        return (await store.query(notes, { index: 'by_author', partition: 'alice', limit: 5 })).rows.map(
          ({ id }) => id,
        );
      };

      const seen = [await commitAt(2_001), await commitAt(61_000), await commitAt(61_001)];

      expect(seen).to.deep.equal([['long', 'short'], ['long'], ['long']]);
      expect(await store.get(notes, 'short')).to.equal(undefined);
      await store.close();
    });

    it('that is to be kept longer is not swept at its old end, and one to be kept shorter is swept at its new one [A4]', async () => {
      setNow(1_000);
      const store = await openStore(':memory:');
      const [early, late] = [note({ keepUntil: 2_000 }), note({ keepUntil: 900_000 })];
      await store.transact([put(notes, 'longer', early), put(notes, 'shorter', late)]);
      await store.transact([update(notes, await noteRow(store, 'longer'), late)]);
      await store.transact([update(notes, await noteRow(store, 'shorter'), early)]);
      setNow(100_000);

      await store.transact([put(counters, 'c', { count: 1 })]);

      expect((await noteRow(store, 'longer')).value).to.deep.equal(late);
      expect(await store.get(notes, 'shorter')).to.equal(undefined);
      await store.close();
    });

    it('that has expired and cannot be swept hurts no caller, is told of once and is passed over', async () => {
      const path = inFolder('ops.db');
      const told: object[] = [];
      const log = { ...silentLog, error: (facts: object) => void told.push(facts) };
      setNow(1_000);
      const store = await createSqliteStore({ path, clock, log });
      const keep = note({ keepUntil: 2_000 });
      await store.transact(['n1', 'n2', 'n3'].map((id) => put(notes, id, keep)));
      sql(path, `UPDATE records SET entries = '[[' WHERE id = 'n1'`);

      for (const ms of [70_000, 140_000]) {
        setNow(ms);
        await store.transact([put(counters, `at ${ms}`, { count: 1 })]);
      }

      const left = await Promise.all(['n1', 'n2', 'n3'].map((id) => store.get(notes, id)));
      expect(left.map((row) => row?.id)).to.deep.equal(['n1', undefined, undefined]);
      expect(told).to.deep.equal([{ kind: 'note', id: 'n1', code: 'store_corrupt' }]);
      await store.close();
    });
  });

  async function writeRows(path: string, count: number): Promise<void> {
    const store = await openStore(path);
    await Promise.all(Array.from({ length: count }, (_, n) => store.transact([put(notes, `n${n}`, note())])));
    await store.close();
    expect(existsSync(`${path}-wal`)).to.equal(false);
  }
});

function sql(path: string, statement: string): void {
  const db = new Database(path);
  db.exec(statement);
  db.close();
}
