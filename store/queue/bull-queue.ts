import { Queue as BullQueue, type Job, QueueEvents, Worker } from 'bullmq';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import { COMMAND_MS, connectPatiently } from '../redis-connection.ts';
import { createLocalQueue } from './local-queue.ts';
import type { Queue, QueueOptions } from './queue.ts';

export interface BullQueueOptions<T> extends QueueOptions<T> {
  url: string;
  /** Installations on one Redis with different namespaces have different queues. */
  namespace: string;
  name: string;
  /** Redis did not take a command in time, or no round was heard of. */
  onLost(): void;
}

/** Rounds that may go by unheard before a process does them itself. */
const UNHEARD_ROUNDS = 2.5;

interface Scheduled<T> {
  id: string;
  everyMs: number;
  job: T;
}

/**
 * `Queue` on BullMQ. What Redis does not take within half a second is done here, on timers; and while no round of a schedule is
 * heard of, each process does its own and asks Redis again. Then a round is done by several: slower for AWS, never wrong.
 */
export function openBullQueue<T>({ url, namespace, name, onLost, ...options }: BullQueueOptions<T>): Queue<T> {
  const { schema, clock, log } = options;
  const own = createLocalQueue<T>(options);
  const prefix = `opsagent:${namespace}`;
  const stopped = new AbortController();
  const trouble = (error: Error) => log.debug({ error: error.message }, 'BullMQ is without Redis');
  const { redis, end } = connectPatiently(url, trouble);
  const queue = new BullQueue<unknown>(name, { connection: redis, prefix });
  queue.on('error', trouble);
  const keep = { removeOnComplete: true, removeOnFail: true };
  const closing: (() => Promise<unknown>)[] = [];
  let closed: Promise<void> | undefined;
  let heardAt = clock.now();
  let underWay: Promise<void> = Promise.resolve();

  /** False when Redis did not take it in time; it may have taken it all the same. */
  const handIn = async (command: () => Promise<unknown>): Promise<boolean> => {
    const taken = queue.waitUntilReady().then(async () => {
      // Not while it is away: what waits in its line would be done once it is back, and by then it was done here.
      if (redis.status !== 'ready') return 'lost' as const;
      await command();
      return 'taken' as const;
    });
    const outcome = await within(COMMAND_MS, clock, taken).catch(() => 'refused' as const);
    if (outcome !== 'taken') onLost();
    return outcome === 'taken';
  };
  const announce = ({ id, everyMs, job }: Scheduled<T>) =>
    handIn(() => queue.upsertJobScheduler(id, { every: everyMs }, { name: id, data: job, opts: keep }));

  /** Looks once a round whether anybody did it. */
  const watch = async (scheduled: Scheduled<T>): Promise<void> => {
    let alone = false;
    while (!stopped.signal.aborted) {
      await clock.sleep(scheduled.everyMs, stopped.signal).catch(() => undefined);
      const silent = clock.now() - heardAt > UNHEARD_ROUNDS * scheduled.everyMs;
      if (silent !== alone)
        log.warn(
          { queue: name },
          silent ? 'no round is heard of: this process does its own' : 'rounds are shared again',
        );
      alone = silent;
      if (!silent || stopped.signal.aborted) continue;
      await own.enqueue(scheduled.id, scheduled.job);
      await announce(scheduled);
    }
  };

  return {
    async enqueue(id, job, when) {
      const delay = Math.max(0, (when?.notBefore ?? 0) - clock.now());
      if (await handIn(() => queue.add(id, job, { jobId: id, delay, ...keep }))) return;
      await own.enqueue(id, job, when);
    },
    async schedule(id, everyMs, job) {
      const scheduled = { id, everyMs, job };
      await announce(scheduled);
      void watch(scheduled);
    },
    process(handler) {
      own.process(handler);
      const forWorker = connectPatiently(url, trouble);
      const forEvents = connectPatiently(url, trouble);
      const take = async ({ data }: Job) => {
        const parsed = schema.safeParse(data);
        if (!parsed.success) return log.warn({ queue: name }, 'a job that is none of ours was ignored');
        underWay = handler(parsed.data).catch((thrown: unknown) =>
          log.warn({ error: asOpsError(thrown).message }, 'a job failed'),
        );
        await underWay;
      };
      const worker = new Worker(name, take, { connection: forWorker.redis, prefix, ...keepNothing, ...withoutRenewal });
      const events = new QueueEvents(name, { connection: forEvents.redis, prefix });
      worker.on('error', trouble);
      events.on('error', trouble);
      events.on('active', () => {
        heardAt = clock.now();
      });
      closing.push(async () => {
        const left = Promise.allSettled([worker.close(), events.close()]);
        await underWay;
        // Without Redis they would wait for it.
        await within(COMMAND_MS, clock, left);
        await underWay;
        forWorker.end();
        forEvents.end();
      });
    },
    async close() {
      stopped.abort();
      closed ??= Promise.all([own.close(), ...closing.map((close) => close())]).then(end);
      await closed;
    },
  };
}

/** What `work` comes to, or 'late' after `ms`. No timer stays behind: it would keep a process from ending. */
async function within<T>(ms: number, clock: Clock, work: Promise<T>): Promise<T | 'late'> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).then(() => 'late' as const);
  late.catch(() => undefined);
  return Promise.race([work, late]).finally(() => over.abort());
}

/** Its timer would outlive the worker where there is no Redis; a job beyond a minute may be begun by another process too. */
const withoutRenewal = { skipLockRenewal: true, lockDuration: 60_000 };
const keepNothing = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
