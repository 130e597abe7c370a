import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { mapSqliteError } from './sqlite-errors.ts';
import { schemaOf } from './sqlite-file.ts';

/** `absent`: no file yet, and one can be made. `older`: written by an OpsAgent before this one, which upgrades it at its start. */
export type StoreProbe = 'absent' | 'older' | 'current';

/** How long another process may hold the file meanwhile, ms. */
const waitMs = 2_000;

/**
 * Whether a start would be able to write here, without leaving a trace: a row is written and rolled back.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`
 */
export function probeSqlite(path: string): StoreProbe {
  let db: Database.Database | undefined;
  try {
    if (!existsSync(path)) {
      accessSync(nearestFolder(path), constants.W_OK | constants.X_OK);
      return 'absent';
    }
    db = new Database(path, { fileMustExist: true, timeout: waitMs });
    const schema = schemaOf(db, path);
    if (schema === 'empty') return 'absent';
    if (schema === 'current') writeAndTakeBack(db);
    return schema;
  } catch (error) {
    throw mapSqliteError(error, path);
  } finally {
    db?.close();
  }
}

function writeAndTakeBack(db: Database.Database): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec("INSERT INTO records (kind, id, version, entries, body) VALUES ('readiness', 'probe', 1, '[]', '{}')");
  } finally {
    db.exec('ROLLBACK');
  }
}

/** Where the folders that are missing would be made. */
function nearestFolder(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
