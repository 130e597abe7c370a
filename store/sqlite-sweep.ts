import type Database from 'better-sqlite3';
import type { Clock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';

interface Deps {
  db: Database.Database;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'error'>;
  /** Takes one row out, with its places in lists. */
  drop(kind: string, id: string, listed: string): void;
}

interface Expired {
  kind: string;
  id: string;
  entries: string;
}

const sweepEveryMs = 60_000;
const mostSwept = 500;

/**
 * Cleans up expired rows at most once a minute, 500 at a time. It rides along with a commit: no timer, no sync of its own.
 * Each row has its own savepoint; one that cannot be taken out is logged once, left as it is, and passed over from then on.
 *
 * @returns to be called inside a transaction; throws only when SQLite has ended that transaction
 */
export function createSweep({ db, clock, log, drop }: Deps): () => void {
  const expired = db.prepare<[number, number], Expired>(
    'SELECT kind, id, entries FROM records WHERE expires_at < ? LIMIT ?',
  );
  const dropped = db.transaction(drop);
  const stuck = new Set<string>();
  let sweptAt = Number.NEGATIVE_INFINITY;

  function unharmed(work: () => void, whenFailed: (code: string) => void): void {
    try {
      work();
    } catch (error) {
      // The commit this sweep rides along with is gone too, so its callers have to be told.
      if (!db.inTransaction) throw error;
      whenFailed(asOpsError(error).code);
    }
  }

  function sweepRow({ kind, id, entries }: Expired): void {
    const key = JSON.stringify([kind, id]);
    if (stuck.has(key)) return;
    unharmed(
      () => dropped(kind, id, entries),
      (code) => {
        stuck.add(key);
        log.error({ kind, id, code }, 'an expired row cannot be swept');
      },
    );
  }

  return () => {
    const now = clock.now();
    if (now - sweptAt < sweepEveryMs) return;
    sweptAt = now;
    unharmed(
      () => expired.all(now, mostSwept + stuck.size).forEach(sweepRow),
      (code) => log.error({ code }, 'expired rows cannot be swept'),
    );
  };
}
