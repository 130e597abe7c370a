import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { createCommitGroup } from './commit-group.ts';
import { isId, parseRow, readyWrites } from './row.ts';
import { type CommitThread, startCommitThread } from './sqlite-commits.ts';
import { mapSqliteError } from './sqlite-errors.ts';
import { openSqliteFile, whenUnlocked } from './sqlite-file.ts';
import { createReader } from './sqlite-read.ts';
import { createWriter, type Job } from './sqlite-write.ts';
import type { Committed, Store } from './store.ts';

interface Options {
  /** Of the file; its folder is made when missing. `:memory:` for tests. */
  path: string;
  clock: Clock;
  log: Log;
  /** How long a call waits for other processes that hold the file. */
  busyTimeoutMs?: number;
  /**
   * Once the disk holds everything else up for longer than this at each commit, on average, a thread makes them; never when left
   * out. On a quick disk the thread costs more than it saves, about a sixth of a proposal's CPU.
   */
  longestHoldMs?: number;
}

/** Commits: one that took long on a busy machine is not a slow disk. */
const AVERAGED_OVER = 50;

/**
 * The store in one file, for one machine and any number of processes on it. Reads see every acknowledged commit;
 * a commit is acknowledged when it is on the disk, and shares its sync with all that were called in the same turn.
 *
 * @throws OpsError `store_unavailable` (folder, rights, lock, not durable, newer schema) or `store_corrupt` (the file is left as it is)
 */
export async function createSqliteStore(options: Options): Promise<Store> {
  const { path, clock, log, busyTimeoutMs = 5000, longestHoldMs = Number.POSITIVE_INFINITY } = options;
  const db = await openSqliteFile(path, busyTimeoutMs);
  const reader = createReader(db);
  const writer = createWriter(db, clock, log);
  const group = createCommitGroup<Job, Committed>(commit);
  let thread: CommitThread | undefined;
  let holdMs = 0;
  let closing: Promise<void> | undefined;

  function commit(jobs: readonly Job[]): Promise<PromiseSettledResult<Committed>[]> {
    const ready = thread?.ready() ? thread : undefined;
    return ready ? reported(() => ready.commit(jobs)) : guarded(() => commitHere(jobs));
  }

  function commitHere(jobs: readonly Job[]): PromiseSettledResult<Committed>[] {
    const { results, diskMs } = writer.commit(jobs);
    holdMs += (diskMs - holdMs) / AVERAGED_OVER;
    if (holdMs > longestHoldMs && !db.memory) thread ??= startCommitThread({ path, busyTimeoutMs, clock, log });
    return results;
  }

  const guarded = <T>(work: () => T): Promise<T> => reported(() => whenUnlocked(work, busyTimeoutMs));

  async function reported<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const mapped = mapSqliteError(error, path);
      if (mapped.code.startsWith('store_')) log.error({ code: mapped.code, ...mapped.facts }, 'store call failed');
      throw mapped;
    }
  }

  function assertOpen(): void {
    if (closing === undefined) return;
    throw new OpsError('store_unavailable', 'the store is closed', {
      hint: 'OpsAgent is stopping; ask again when it runs.',
    });
  }

  return {
    async get(kind, id) {
      assertOpen();
      const found = isId(id) ? await guarded(() => reader.get(kind.name, id)) : undefined;
      return found && parseRow(kind, id, found.version, found.body);
    },
    async query(kind, query) {
      assertOpen();
      const { rows, next } = await guarded(() => reader.page(kind, query));
      return { rows: rows.map(({ id, version, body }) => parseRow(kind, id, version, body)), next };
    },
    async places(kind, query) {
      assertOpen();
      const { rows, next } = await guarded(() => reader.places(kind, query));
      return { rows: rows.map(({ id, version }) => ({ id, version })), next };
    },
    async transact(writes, { before, mayWait = false } = {}) {
      assertOpen();
      return group.add({ writes: readyWrites(writes), before }, { mayWait });
    },
    async close() {
      closing ??= group.drain().then(async () => {
        await thread?.close();
        db.close();
      });
      await closing;
    },
  };
}
