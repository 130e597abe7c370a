import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Answer, type Asked, revived, settledOf } from './sqlite-commit-message.ts';
import type { Job } from './sqlite-write.ts';
import type { Committed } from './store.ts';

/**
 * Commits on a thread of its own, so that a slow disk stops nobody who writes nothing. One group at a time; its calls are
 * answered when it is on the disk, as always.
 */
export interface CommitThread {
  /** False until the thread has opened the file, and once it is gone: then commits are made on the calling thread. */
  ready(): boolean;
  /** @throws OpsError as a commit on the calling thread does; `store_unavailable` when the thread ended in the middle */
  commit(jobs: readonly Job[]): Promise<PromiseSettledResult<Committed>[]>;
  close(): Promise<void>;
}

interface Deps {
  path: string;
  busyTimeoutMs: number;
  clock: Clock;
  log: Log;
}

export function startCommitThread({ path, busyTimeoutMs, clock, log }: Deps): CommitThread {
  const program = new URL('./sqlite-commit-thread.ts', import.meta.url);
  const worker = new Worker(program, { workerData: { path, busyTimeoutMs } });
  // Commits that are under way hold the process by their callers; an idle thread holds nothing.
  worker.unref();
  let state: 'starting' | 'ready' | 'gone' = 'starting';
  let waiting: PromiseWithResolvers<PromiseSettledResult<Committed>[]> | undefined;

  worker.on('message', (answer: Answer) => {
    if (answer.type === 'ready') {
      state = 'ready';
      log.info({ path }, 'a thread makes the commits from now on: the disk is slow');
    }
    if (answer.type === 'log') log.error(answer.facts, answer.message);
    if (answer.type === 'committed') waiting?.resolve(answer.results.map(settledOf));
    if (answer.type === 'failed') waiting?.reject(revived(answer.error));
  });
  worker.on('error', (error) => log.error({ error }, 'the thread for commits failed'));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      state = 'gone';
      waiting?.reject(cutOff());
      resolve();
    });
  });

  return {
    ready: () => state === 'ready',
    async commit(jobs) {
      waiting = Promise.withResolvers();
      try {
        worker.ref();
        worker.postMessage({ type: 'commit', jobs, now: clock.now() } satisfies Asked);
        return await waiting.promise;
      } finally {
        worker.unref();
        waiting = undefined;
      }
    },
    async close() {
      worker.ref();
      worker.postMessage({ type: 'close' } satisfies Asked);
      await ended;
    },
  };
}

function cutOff(): OpsError {
  return new OpsError('store_unavailable', 'the thread that writes the store ended in the middle of a commit', {
    hint: 'Whether it was recorded is known after the next read. Try again; commits go on without the thread.',
    retryable: true,
  });
}
