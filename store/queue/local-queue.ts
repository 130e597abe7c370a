import { setImmediate as nextLoop } from 'node:timers/promises';
import { asOpsError } from '../../lib/errors.ts';
import type { Queue, QueueOptions } from './queue.ts';

/** `Queue` of one process, on timers. What waits when it ends is forgotten. */
export function createLocalQueue<T>({ clock, log }: Omit<QueueOptions<T>, 'schema'>): Queue<T> {
  const stopped = new AbortController();
  const waiting = new Set<string>();
  const handler = Promise.withResolvers<(job: T) => Promise<void>>();
  let underWay: Promise<void> = Promise.resolve();

  const run = async (job: T): Promise<void> => {
    const handle = await handler.promise;
    underWay = underWay.then(async () => {
      if (stopped.signal.aborted) return;
      await handle(job).catch((thrown: unknown) => log.warn({ error: asOpsError(thrown).message }, 'a job failed'));
    });
    await underWay;
  };
  /** False when the queue was closed before. What is due at once waits for no timer: the shortest one takes a millisecond. */
  const isTime = async (ms: number): Promise<boolean> => {
    if (ms > 0) await clock.sleep(ms, stopped.signal).catch(() => undefined);
    else await nextLoop();
    return !stopped.signal.aborted;
  };
  const repeat = async (everyMs: number, job: T): Promise<void> => {
    while (await isTime(everyMs)) await run(job);
  };
  const runOnce = async (id: string, ms: number, job: T): Promise<void> => {
    const due = await isTime(ms);
    waiting.delete(id);
    if (due) await run(job);
  };

  return {
    async enqueue(id, job, when) {
      if (waiting.has(id)) return;
      waiting.add(id);
      void runOnce(id, Math.max(0, (when?.notBefore ?? 0) - clock.now()), job);
    },
    async schedule(_id, everyMs, job) {
      void repeat(everyMs, job);
    },
    process: handler.resolve,
    async close() {
      stopped.abort();
      await underWay;
    },
  };
}
