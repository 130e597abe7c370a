import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './cold-process.ts';
import { tell } from './goals.ts';
import { ratios, spread, startWorker, write } from './rounds.ts';

/**
 * From handing a job in until it starts, the queue idle: within one process, against BullMQ on a redis-server of its own with an
 * append-only file, interleaved: `node bench/queue.ts [rounds]`. Debian: apt-get install redis-server
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const REDIS = 'redis-server';
const JOBS = 400;
const WARM = 200;
const TRIES = 500;

interface Found {
  p50: number;
  p99: number;
}

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const port = await freePort();
const redis = await startRedis();
const found: Record<'local' | 'bullmq', Found[]> = { local: [], bullmq: [] };
for (let round = 0; round < ROUNDS; round += 1)
  for (const kind of ['local', 'bullmq'] as const) found[kind].push(await timed(kind));
redis.kill('SIGTERM');
await once(redis, 'exit');
rmSync(folder, { recursive: true });

const of = (kind: keyof typeof found, key: keyof Found) => found[kind].map((one) => one[key]);
write('| queue | handed in until started: p50, ms | p99, ms |');
write('|---|---|---|');
for (const kind of ['local', 'bullmq'] as const)
  write(`| ${kind} | ${spread(of(kind, 'p50'), 3)} | ${spread(of(kind, 'p99'), 3)} |`);
tell('P20a', ratios(of('local', 'p50'), of('bullmq', 'p50')));
tell('P20b', of('local', 'p50'));

async function timed(kind: keyof typeof found): Promise<Found> {
  const worker = await startWorker('queue-worker', kind, port);
  try {
    await worker.ask({ count: WARM });
    return await worker.ask<Found>({ count: JOBS });
  } finally {
    await worker.stop();
  }
}

async function startRedis(): Promise<ChildProcess> {
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ];
  const server = spawn(REDIS, settings, { stdio: 'ignore' });
  const failed = once(server, 'exit').then(() => Promise.reject(new Error('redis-server did not stay up')));
  failed.catch(() => undefined);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await Promise.race([answers(), failed])) return server;
    await pause(10);
  }
  throw new Error('redis-server does not answer');
}

async function answers(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const up = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return up;
}
