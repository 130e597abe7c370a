import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { OpsError } from '../lib/errors.ts';
import { isLocked, mapSqliteError } from './sqlite-errors.ts';

const schemaVersion = 2;
/** "OpsA": no other program's file is taken for ours. */
const applicationId = 0x4f707341;

/**
 * With a rowid: bodies are longer than a page's share, and a b-tree that is searched by key must not have to read them on the way.
 * `body` stands last, so that what is looked at more often is found without reading over it.
 */
const records = `
  CREATE TABLE records (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    entries TEXT NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
`;
const recordsByExpiry = 'CREATE INDEX records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;';

/**
 * `entries` repeats the keys by which a row is listed, so that each list is one range of one b-tree;
 * `records.entries` remembers them, so that an update finds the old ones without knowing the kind.
 */
const schema = `
  ${records}
  ${recordsByExpiry}
  CREATE TABLE entries (
    kind TEXT NOT NULL, list TEXT NOT NULL, partition TEXT NOT NULL, sort TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (kind, list, partition, sort, id)
  ) WITHOUT ROWID, STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/** Schema 1 kept the bodies in the b-tree of the keys. */
const fromSchema1 = `
  ALTER TABLE records RENAME TO records_1;
  ${records}
  INSERT INTO records (kind, id, version, entries, expires_at, body)
    SELECT kind, id, version, entries, expires_at, body FROM records_1;
  DROP TABLE records_1;
  ${recordsByExpiry}
  PRAGMA user_version = 2;
`;

/** In bytes: no database is smaller than one page. */
const smallestPage = 512;

/** Ids are random, so rows of one moment lie on pages all over the file; with SQLite's own 2 MiB each would be read anew. Taken as it is needed. */
const cacheKiB = 32 * 1024;
/** A page that is written again and again goes to the main file once in so many; 16 MiB of WAL at 4 KiB a page. */
const pagesInWal = 4096;

/** SQLite itself waits this long, in ms, and stops the process meanwhile; longer waits are ours and stop nobody. */
const blockingWaitMs = 20;
const pauseMs = 10;

/**
 * Opens the file, makes it if there is none, and refuses whatever would not keep what it promises.
 * Whole-file checks are left out: `quick_check` reads every page, seconds for a grown store at each start. The first read
 * compares the header with the size of the file, which finds foreign, garbled and cut-off files; a page damaged
 * elsewhere is found when it is read (`cell_size_check`) and ends as `store_corrupt` then.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`
 */
export async function openSqliteFile(path: string, busyTimeoutMs: number): Promise<Database.Database> {
  const inMemory = path === ':memory:';
  let db: Database.Database | undefined;
  try {
    if (!inMemory) prepareFile(path);
    const opened = new Database(path, { timeout: blockingWaitMs });
    db = opened;
    // Not one unit: another process may be starting too, and SQLite gives up at once when two switch to WAL.
    await whenUnlocked(() => configure(opened), busyTimeoutMs);
    assertDurable(opened, path);
    await whenUnlocked(() => opened.transaction(migrate).immediate(opened, path), busyTimeoutMs);
    return opened;
  } catch (error) {
    db?.close();
    throw mapSqliteError(error, path);
  }
}

/** Runs again while another process holds the lock. Real time is measured here, because the other process lives in it. */
export async function whenUnlocked<T>(work: () => T, busyTimeoutMs: number): Promise<T> {
  const giveUpAt = performance.now() + busyTimeoutMs;
  while (true) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= giveUpAt) throw error;
    }
    await pause(pauseMs);
  }
}

/** @throws OpsError `store_unavailable` unless a commit survives the loss of power: WAL, synced at each commit */
export function assertDurable(db: Database.Database, path: string): void {
  const journal = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (journal === (db.memory ? 'memory' : 'wal') && synchronous === 2) return;
  throw new OpsError(
    'store_unavailable',
    `the store would not be durable (${path}): journal ${journal}, synchronous ${synchronous}`,
    {
      hint: 'Put the file on a local disk: network file systems cannot run SQLite in WAL mode.',
    },
  );
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma(`cache_size = -${cacheKiB}`);
  db.pragma(`wal_autocheckpoint = ${pagesInWal}`);
}

/**
 * `empty`: nothing was ever written to the file.
 *
 * @throws OpsError `store_unavailable` for another program's file, and for one of a newer OpsAgent
 */
export function schemaOf(db: Database.Database, path: string): 'empty' | 'older' | 'current' {
  const found = Number(db.pragma('user_version', { simple: true }));
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    if (db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined) return 'empty';
    throw foreign(path);
  }
  if (found > schemaVersion) throw newer(path, found);
  return found === schemaVersion ? 'current' : 'older';
}

function migrate(db: Database.Database, path: string): void {
  const found = schemaOf(db, path);
  if (found === 'empty') db.exec(schema);
  if (found === 'older') db.exec(fromSchema1);
}

function foreign(path: string): OpsError {
  return new OpsError('store_unavailable', `the file belongs to another program (${path})`, {
    hint: 'Set STORE to a path of its own, for example sqlite:./data/opsagent.db.',
  });
}

function newer(path: string, found: number): OpsError {
  const message = `the store was written by a newer OpsAgent (${path}): schema ${found}, known here ${schemaVersion}`;
  return new OpsError('store_unavailable', message, {
    hint: 'Start the newer OpsAgent again, or restore the backup made before the upgrade.',
  });
}

function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  refuseCutOff(path);
  try {
    // Ours alone to read. 'wx' never opens a file that is there: closing it would drop the locks SQLite holds on it.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** What SQLite would take for a new store: a file too short to be one, or an empty one whose commits still stand in its WAL. */
function refuseCutOff(path: string): void {
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const found = size(path);
  if (found >= smallestPage) return;
  if (found === 0 && size(`${path}-wal`) === 0) return;
  throw new OpsError('store_corrupt', `the store file was cut off at ${found} bytes (${path})`, {
    hint: 'Restore a backup of the file, or move it and its -wal and -shm away to start empty. It was left as it is.',
  });
}
