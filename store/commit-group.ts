import { setImmediate as nextLoop } from 'node:timers/promises';

/** Calls of one group at most: a group blocks the process while it is written. */
const mostTogether = 256;
/** A call that may wait is written after this long when no other took it along, ms. */
const longestWaitMs = 5;
/** Callers that go on at once when their group is on the disk; what others asked meanwhile comes before the next ones. */
const settledAtOnce = 2;

export interface CommitGroup<Job, Result> {
  /** Resolves or rejects as `commit` says for this job, and not before the whole group is on the disk. */
  add(job: Job, options: { mayWait: boolean }): Promise<Result>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

/**
 * Writes everything that waits in one go, in the order of calling, because one sync of the disk costs as much for 256 calls as for one.
 * A group is closed at the end of the turn of the event loop: all requests read from sockets in this turn share it,
 * and a lone call waits for microseconds only. While a group is being written the next one gathers.
 * A call that may wait goes with the next group, or alone after a moment.
 */
export function createCommitGroup<Job, Result>(
  commit: (jobs: readonly Job[]) => Promise<readonly PromiseSettledResult<Result>[]>,
): CommitGroup<Job, Result> {
  const waiting: { job: Job; settle: PromiseWithResolvers<Result> }[] = [];
  let running: Promise<void> | undefined;
  let alone: NodeJS.Timeout | undefined;

  function start(): void {
    clearTimeout(alone);
    alone = undefined;
    if (waiting.length > 0) running ??= run();
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await nextLoop();
      await write(waiting.splice(0, mostTogether));
    }
    running = undefined;
  }

  async function write(group: typeof waiting): Promise<void> {
    try {
      const results = await commit(group.map(({ job }) => job));
      for (const [n, { settle }] of group.entries()) {
        const result = results[n];
        if (result?.status === 'fulfilled') settle.resolve(result.value);
        else settle.reject(result?.reason);
        if (n % settledAtOnce === settledAtOnce - 1) await nextLoop();
      }
    } catch (error) {
      for (const { settle } of group) settle.reject(error);
    }
  }

  return {
    add(job, { mayWait }) {
      const settle = Promise.withResolvers<Result>();
      waiting.push({ job, settle });
      if (mayWait) alone ??= setTimeout(start, longestWaitMs);
      else start();
      return settle.promise;
    },
    async drain() {
      start();
      await running;
    },
  };
}
