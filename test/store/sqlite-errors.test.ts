import Database from 'better-sqlite3';
import { expect } from 'chai';
import { mapSqliteError } from '../../store/sqlite-errors.ts';

describe('errors of SQLite', () => {
  const cases: readonly [sqlite: string, code: string, retryable: boolean][] = [
    ['SQLITE_BUSY', 'store_unavailable', true],
    ['SQLITE_BUSY_SNAPSHOT', 'store_unavailable', true],
    ['SQLITE_LOCKED', 'store_unavailable', true],
    ['SQLITE_FULL', 'store_unavailable', true],
    ['SQLITE_IOERR_WRITE', 'store_unavailable', true],
    ['SQLITE_IOERR', 'store_unavailable', true],
    ['SQLITE_READONLY_DIRECTORY', 'store_unavailable', false],
    ['SQLITE_CANTOPEN', 'store_unavailable', false],
    ['SQLITE_CORRUPT_INDEX', 'store_corrupt', false],
    ['SQLITE_NOTADB', 'store_corrupt', false],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'internal', false],
    ['SQLITE_TOOBIG', 'internal', false],
  ];
  for (const [sqlite, code, retryable] of cases) {
    it(`${sqlite} becomes ${code}${retryable ? ', worth another try' : ''}`, () => {
      const thrown = new Database.SqliteError('the words of the engine', sqlite);

      const mapped = mapSqliteError(thrown, './data/opsagent.db');

      expect([mapped.code, mapped.retryable]).to.deep.equal([code, retryable]);
      expect(mapped.cause).to.equal(thrown);
      expect(mapped.hint).not.to.equal('');
    });
  }
});
