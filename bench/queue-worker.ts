import { setTimeout as pause } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { z } from 'zod';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { openQueue } from '../store/queue/open-queue.ts';
import { answering, share } from './rounds.ts';

/** `node bench/queue-worker.ts <local|bullmq> [port of Redis]`: one job after another, each timed from being handed in to its start. */
const [kind, port = ''] = process.argv.slice(2);
/** Between two jobs: the queue is idle when one is handed in. */
const GAP_MS = 1;

interface Line {
  handIn(id: string): Promise<unknown>;
  close(): Promise<unknown>;
}

let started = Promise.withResolvers<number>();
const start = async () => started.resolve(performance.now());

async function local(): Promise<Line> {
  const queue = await openQueue({
    ...{ clock: systemClock, log: silentLog, schema: z.strictObject({}) },
    ...{ namespace: 'bench', name: 'bench', onLost() {} },
  });
  queue.process(start);
  return { handIn: (id) => queue.enqueue(id, {}), close: () => queue.close() };
}

/** As BullMQ's documentation makes it. */
async function bullmq(): Promise<Line> {
  const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection, defaultJobOptions: { removeOnComplete: true } });
  const worker = new Worker('bench', start, { connection });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return { handIn: () => queue.add('job', {}), close: () => Promise.all([worker.close(), queue.close()]) };
}

const line = await (kind === 'bullmq' ? bullmq() : local());
let made = 0;

answering(
  { ready: true },
  async ({ count }: { count: number }) => {
    const ms: number[] = [];
    for (let n = 0; n < count; n += 1) {
      started = Promise.withResolvers();
      const began = performance.now();
      await Promise.all([line.handIn(`job-${++made}`), started.promise.then((at) => ms.push(at - began))]);
      await pause(GAP_MS);
    }
    ms.sort((a, b) => a - b);
    return { p50: share(ms, 0.5), p99: share(ms, 0.99) };
  },
  async () => void (await line.close()),
);
