import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { OpsError } from '../lib/errors.ts';
import { mapSqliteError } from './sqlite-errors.ts';
import { schemaOf } from './sqlite-file.ts';

/** All at once: in steps, a store that is written to meanwhile would begin the copy anew at each step. Writers are not held up. */
const everyPage = 0x7fffffff;
const waitMs = 5_000;

/** The file of `sqlite:<path>`. @throws OpsError `config_invalid` for any other store, which has a backup of its own, and for one in memory */
export function sqlitePathOf(uri: string): string {
  const path = uri.startsWith('sqlite:') ? uri.slice('sqlite:'.length) : '';
  if (path !== '' && path !== ':memory:') return path;
  throw new OpsError('config_invalid', 'STORE is no SQLite file: there is nothing to copy.', {
    hint: 'Use opsagent store export and store import, or the backups of the engine itself.',
  });
}

/**
 * Copies the store as it is at one moment, while others go on writing to it. The copy is one file, checked, for its owner alone.
 *
 * @throws OpsError `store_unavailable` (no store, `to` exists, disk), `store_corrupt` (then no copy is left)
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw missing(from);
  // 'wx': nothing that exists is written over.
  closeSync(made(to));
  try {
    await copied(from, to);
    assertWhole(to);
  } catch (error) {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${to}${ending}`, { force: true });
    throw error;
  }
}

/** @throws OpsError `store_corrupt` unless every page and every index is sound. Leaves one plain file without a WAL. */
export function assertWhole(path: string): void {
  withDatabase(path, (db) => {
    const said = db.pragma('integrity_check(1)', { simple: true });
    if (said !== 'ok') throw notWhole(path, String(said));
    if (schemaOf(db, path) === 'empty') throw notWhole(path, 'it is empty');
    db.pragma('journal_mode = DELETE');
  });
}

/**
 * Makes sure that nobody has the store open and nothing was ever recorded in it, so that it may be put aside.
 *
 * @throws OpsError `store_unavailable`
 */
export function assertUnusedAndEmpty(path: string): void {
  withDatabase(path, (db) => {
    const used = schemaOf(db, path) !== 'empty' && db.prepare('SELECT 1 FROM records LIMIT 1').get() !== undefined;
    if (used) throw occupied(path);
    // Possible only for somebody who is alone with the file; and everything is in the one file then.
    db.pragma('journal_mode = DELETE');
  });
}

function withDatabase(path: string, work: (db: Database.Database) => void): void {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { fileMustExist: true, timeout: waitMs });
    work(db);
  } catch (error) {
    throw mapSqliteError(error, path);
  } finally {
    db?.close();
  }
}

async function copied(from: string, to: string): Promise<void> {
  let db: Database.Database | undefined;
  try {
    db = new Database(from, { fileMustExist: true, timeout: waitMs });
    schemaOf(db, from);
    await db.backup(to, { progress: () => everyPage });
  } catch (error) {
    throw mapSqliteError(error, from);
  } finally {
    db?.close();
  }
}

function made(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (!exists) throw mapSqliteError(cause, path);
    throw new OpsError('store_unavailable', `${path} exists and is not written over.`, {
      hint: 'Name another file, or move that one away.',
    });
  }
}

function missing(path: string): OpsError {
  return new OpsError('store_unavailable', `There is no store at ${path}.`, {
    hint: 'Check the path; a path that is not absolute starts where OpsAgent starts.',
  });
}

function notWhole(path: string, said: string): OpsError {
  return new OpsError('store_corrupt', `The store file is damaged (${path}): ${said.slice(0, 200)}.`, {
    hint: 'Use an older backup.',
  });
}

function occupied(path: string): OpsError {
  return new OpsError('store_unavailable', `${path} holds records and is not replaced.`, {
    hint: `Stop OpsAgent, then move the old store away, all of it: mkdir old && mv ${path}* old/`,
  });
}
