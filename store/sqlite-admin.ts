import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { OpsError } from '../lib/errors.ts';
import type { StoreAdmin } from './admin.ts';
import { type CopiedRow, copyOf } from './copied-row.ts';
import { mapSqliteError } from './sqlite-errors.ts';
import { openSqliteFile } from './sqlite-file.ts';

const busyTimeoutMs = 5000;

interface Held {
  kind: string;
  id: string;
  version: number;
  body: string;
  entries: string;
  expires_at: number | null;
}

const everything = 'SELECT kind, id, version, body, entries, expires_at FROM records';

/** Lists that name a row that is not there, or that name it otherwise than the row does. */
const strayPlaces = `
  SELECT count(*) AS strays FROM entries e WHERE NOT EXISTS (
    SELECT 1 FROM records r, json_each(r.entries) one WHERE r.kind = e.kind AND r.id = e.id
      AND one.value ->> 0 = e.list AND one.value ->> 1 = e.partition AND one.value ->> 2 = e.sort)`;
const missingPlaces = `
  SELECT count(*) AS strays FROM records r, json_each(r.entries) one WHERE NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.kind = r.kind AND e.id = r.id
      AND e.list = one.value ->> 0 AND e.partition = one.value ->> 1 AND e.sort = one.value ->> 2)`;

/** The whole file. `create` and `load` make it when it is missing; whatever opens it migrates it, as a start does. */
export function openSqliteAdmin(path: string): StoreAdmin {
  let opened: Database.Database | undefined;

  async function open(): Promise<Database.Database> {
    opened ??= await openSqliteFile(path, busyTimeoutMs);
    return opened;
  }

  async function openExisting(): Promise<Database.Database> {
    if (existsSync(path)) return open();
    throw new OpsError('store_unavailable', `there is no such file (${path})`, {
      hint: 'Check STORE, or make the file: `opsagent store create`.',
    });
  }

  function mapped<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw mapSqliteError(error, path);
    }
  }

  const present = { ok: true, said: `the file is there and has the present form (${path})` };

  return {
    async create() {
      await open();
      return [present];
    },
    async migrate() {
      await openExisting();
      return [present];
    },
    async check() {
      const db = await openExisting();
      const pages = mapped(() => wholeFile(db));
      // Lists of a damaged file cannot be compared, and would hide where it is damaged.
      return pages.ok ? [pages, mapped(() => places(db))] : [pages];
    },
    async *rows() {
      const db = await openExisting();
      for (const held of mapped(() => db.prepare<[], Held>(everything).iterate()))
        yield copyOf({ ...held, expires_at: held.expires_at ?? undefined });
    },
    async assertEmpty() {
      const db = await open();
      if (mapped(() => db.prepare('SELECT 1 FROM records LIMIT 1').get()) === undefined) return;
      throw new OpsError('store_unavailable', `the store is not empty (${path})`, {
        hint: 'Import into a new one: set STORE to a path where no file is.',
      });
    },
    async load(rows) {
      const db = await open();
      const insert = mapped(() => prepareInsert(db));
      mapped(() => db.exec('BEGIN IMMEDIATE'));
      try {
        for await (const row of rows) mapped(() => insert(row));
        mapped(() => db.exec('COMMIT'));
      } finally {
        if (db.inTransaction) db.exec('ROLLBACK');
      }
    },
    close: async () => void opened?.close(),
  };
}

function wholeFile(db: Database.Database) {
  // The first fault only: on the way to further ones SQLite gives up without a word of where.
  const first = db.prepare<[], { integrity_check: string }>('PRAGMA integrity_check(1)').get();
  const said = first?.integrity_check.replaceAll('\n', ' ') ?? 'no answer';
  return said === 'ok'
    ? { ok: true, said: 'every page of the file is whole' }
    : { ok: false, said: `the file is damaged: ${said}` };
}

function places(db: Database.Database) {
  const strays = [strayPlaces, missingPlaces]
    .map((query) => db.prepare<[], { strays: number }>(query).get()?.strays ?? 0)
    .reduce((sum, count) => sum + count, 0);
  return strays === 0
    ? { ok: true, said: 'lists and rows agree' }
    : { ok: false, said: `${strays} places in lists and their rows do not agree` };
}

function prepareInsert(db: Database.Database): (row: CopiedRow) => void {
  const record = db.prepare<[string, string, number, string, string, number | null]>(
    'INSERT INTO records (kind, id, version, body, entries, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const place = db.prepare<[string, string, string, string, string]>(
    'INSERT INTO entries (kind, list, partition, sort, id) VALUES (?, ?, ?, ?, ?)',
  );
  return ({ kind, id, version, value, entries, expires_at: expiry = null }) => {
    record.run(kind, id, version, JSON.stringify(value), JSON.stringify(entries), expiry);
    for (const [list, partition, sort] of entries) place.run(kind, list, partition, sort, id);
  };
}
