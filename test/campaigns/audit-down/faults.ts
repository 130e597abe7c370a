import Database from 'better-sqlite3';
import type { Audit } from '../../../approvals/audit.ts';
import type { Clock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { mapSqliteError } from '../../../store/sqlite-errors.ts';
import type { Store } from '../../../store/store.ts';

/** How the place of the audit record is away. */
export const FAULTS = ['record refused', 'store hangs', 'read-only', 'disk full'] as const;
export type Fault = (typeof FAULTS)[number];

/** From when on. Until then all is well, so that there is something to refuse. */
export interface Weather {
  fault: Fault | undefined;
}

export const HANG_MS = 10_000;

/** Reads go on; every commit fails as this fault does. */
export function faultyStore(store: Store, clock: Clock, weather: Weather): Store {
  return {
    ...store,
    async transact(writes, options) {
      switch (weather.fault) {
        case 'store hangs':
          await clock.sleep(HANG_MS);
          throw new OpsError('store_unavailable', 'the store did not answer', { hint: 'Wait.', retryable: true });
        case 'read-only':
          throw saidBySqlite('attempt to write a readonly database', 'SQLITE_READONLY');
        case 'disk full':
          throw saidBySqlite('database or disk is full', 'SQLITE_FULL');
        default:
          return store.transact(writes, options);
      }
    },
  };
}

const saidBySqlite = (message: string, code: string): OpsError =>
  mapSqliteError(new Database.SqliteError(message, code), 'campaign.db');

/** The writer of records itself fails, with a store that is well. */
export function faultyAudit(audit: Audit, weather: Weather): Audit {
  const assertWell = () => {
    if (weather.fault !== 'record refused') return;
    throw new OpsError('audit_unavailable', 'The audit record could not be written.', {
      hint: 'Nothing was changed.',
      retryable: true,
    });
  };
  return {
    async commit(writes, facts, options) {
      assertWell();
      return audit.commit(writes, facts, options);
    },
    async record(facts) {
      assertWell();
      await audit.record(facts);
    },
  };
}

/** The sabotage: whoever writes the record hears that all is well, whatever happened. */
export function swallowing(audit: Audit): Audit {
  return {
    commit: (writes, facts, options) =>
      audit.commit(writes, facts, options).catch(() => ({ committed: true as const })),
    record: (facts) => audit.record(facts).catch(() => undefined),
  };
}
