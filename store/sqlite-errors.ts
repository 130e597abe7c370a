import Database from 'better-sqlite3';
import { asOpsError, OpsError } from '../lib/errors.ts';

interface Meaning {
  code: 'store_unavailable' | 'store_corrupt';
  what: string;
  hint: string;
  retryable: boolean;
}

/** By primary result code; extended codes such as SQLITE_IOERR_WRITE mean what their first two words mean. */
const meanings: Readonly<Record<string, Meaning>> = {
  SQLITE_BUSY: locked(),
  SQLITE_LOCKED: locked(),
  SQLITE_FULL: unavailable(
    'the disk under the store is full',
    'Free some space on that disk; nothing was recorded.',
    true,
  ),
  SQLITE_IOERR: unavailable(
    'the disk under the store failed',
    'Check the disk, its quota and the mount. Whether the last commit was recorded is known after the next read.',
    true,
  ),
  SQLITE_READONLY: unavailable(
    'the store cannot be written',
    'Let this user write to the file and its folder, then start again.',
    false,
  ),
  SQLITE_CANTOPEN: unavailable(
    'the store cannot be opened',
    'Check that the path is a file and that this user may read and write it.',
    false,
  ),
  SQLITE_CORRUPT: corrupt('the store file is damaged'),
  SQLITE_NOTADB: corrupt('the store file is not a database, or was cut off'),
};

/** Puts an error of the engine or of the file system into the words of the house. */
export function mapSqliteError(thrown: unknown, path: string): OpsError {
  if (isFileError(thrown)) {
    const hint = 'Check that the path is right and that this user may write to the folder.';
    return new OpsError('store_unavailable', `the store cannot be opened (${path}): ${thrown.code}`, {
      hint,
      cause: thrown,
    });
  }
  const meaning = meaningOf(thrown);
  if (meaning === undefined) return asOpsError(thrown);
  const { code, what, hint, retryable } = meaning;
  return new OpsError(code, `${what} (${path})`, { hint, retryable, cause: thrown, facts: { sqlite: codeOf(thrown) } });
}

/** True when the store itself is at fault, so that every call of a group has failed, not one. */
export function isStoreFault(thrown: unknown): boolean {
  return meaningOf(thrown) !== undefined;
}

export function isLocked(thrown: unknown): boolean {
  return meaningOf(thrown)?.what === locked().what;
}

function meaningOf(thrown: unknown): Meaning | undefined {
  return meanings[codeOf(thrown).split('_', 2).join('_')];
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Database.SqliteError ? thrown.code : '';
}

function isFileError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown;
}

function locked(): Meaning {
  return unavailable(
    'another process holds the store',
    'Try again. If it stays so, find the process that keeps the file locked.',
    true,
  );
}

function unavailable(what: string, hint: string, retryable: boolean): Meaning {
  return { code: 'store_unavailable', what, hint, retryable };
}

function corrupt(what: string): Meaning {
  const hint =
    'Stop OpsAgent, then restore a backup over the file, or move the file and its -wal and -shm away to start empty. It was left as it is.';
  return { code: 'store_corrupt', what, hint, retryable: false };
}
