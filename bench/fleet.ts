import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Done } from './fleet-worker.ts';
import { tell } from './goals.ts';
import { ratios, spread, startWorker, type Worker, write } from './rounds.ts';

/**
 * One, two and four processes on one table with Redis, interleaved: `node bench/fleet.ts [rounds] [proposals] [URL]`.
 * Without a URL of a DynamoDB it is moto, one slow Python process: its share of a core is shown, and where it is near 1 the rate
 * is moto's. Calls and conflicts are exact counts; proposals that the table did not take in time are counted as failed. Linux: moto's CPU is read from /proc.
 */
const ROUNDS = Number(process.argv[2] ?? 2);
const PROPOSALS = Number(process.argv[3] ?? 10);
const SIZES = [1, 2, 4];
const REDIS = 'redis-server';
const REDIS_PORT = 16_399;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const MOTO = fileURLToPath(new URL('../test/peers/moto-with-cloudtrail.py', import.meta.url));
const TICKS_A_SECOND = 100;

interface Round {
  rate: number;
  cpuMs: number;
  callsACommit: number;
  callsAProposal: number;
  conflictsACommit: number;
  clientsACall: number;
  failed: number;
  /** Share of a core. */
  moto: number;
}

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const moto =
  process.argv[4] === undefined ? spawn('python3', [MOTO], { stdio: ['pipe', 'pipe', 'ignore'] }) : undefined;
const redis = spawn(REDIS, ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', ''], {
  stdio: 'ignore',
});
try {
  const url = process.argv[4] ?? `http://127.0.0.1:${await portOf(moto)}`;
  prepare(url);
  const started = await Promise.all(
    Array.from({ length: Math.max(...SIZES) }, () =>
      startWorker('fleet-worker', 'bench', url, `redis://127.0.0.1:${REDIS_PORT}`, folder),
    ),
  );
  report(await measure(started));
  await Promise.all(started.map((worker) => worker.stop()));
} finally {
  redis.kill();
  moto?.kill();
  rmSync(folder, { recursive: true });
}

function prepare(url: string): void {
  const people = Array.from({ length: 400 }, (_, n) => `p${n}: {email: p${n}@example.com, roles: [engineer]}\n`);
  writeFileSync(join(folder, 'people.yaml'), people.join(''));
  writeFileSync(join(folder, 'policy.yaml'), 'limits: {pending_per_person: 100}\n');
  const sdk = { AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
  const env = { PATH: '/usr/bin:/bin', STORE: 'dynamodb:bench', ...sdk };
  const made = spawnSync(process.execPath, [MAIN, 'store', 'create'], { env, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
}

async function measure(workers: readonly Worker[]): Promise<Map<number, Round[]>> {
  const found = new Map(SIZES.map((size): [number, Round[]] => [size, []]));
  let from = 0;
  for (let round = -1; round < ROUNDS; round += 1)
    for (const [size, rounds] of found) {
      const one = await run(workers.slice(0, size), from);
      from += PROPOSALS * size;
      // The first round is for the compiler.
      if (round >= 0) rounds.push(one);
    }
  return found;
}

async function run(workers: readonly Worker[], from: number): Promise<Round> {
  const [began, motoBefore] = [performance.now(), cpuSeconds()];
  const all = await Promise.all(
    workers.map((worker, place) => worker.ask<Done>({ from: from + place * PROPOSALS, count: PROPOSALS })),
  );
  const seconds = (performance.now() - began) / 1000;
  const proposals = PROPOSALS * workers.length;
  const sum = (of: (done: Done) => number) => all.reduce((total, done) => total + of(done), 0);
  const calls = sum((done) => Object.values(done.calls).reduce((total, count) => total + count, 0));
  const commits = sum((done) => (done.calls.TransactWriteItems ?? 0) - done.conflicts);
  return {
    rate: proposals / seconds,
    cpuMs: sum(({ cpuUs }) => cpuUs) / proposals / 1000,
    callsACommit: calls / commits,
    callsAProposal: calls / proposals,
    conflictsACommit: sum(({ conflicts }) => conflicts) / commits,
    clientsACall: sum(({ clients }) => clients) / calls,
    failed: sum(({ failed }) => failed),
    moto: (cpuSeconds() - motoBefore) / seconds,
  };
}

function report(found: ReadonlyMap<number, Round[]>): void {
  const base = found.get(1) ?? [];
  const of = (rounds: readonly Round[], key: keyof Round) => rounds.map((one) => one[key]);
  write(
    '| processes | proposals a second | × | our CPU, ms each | SDK calls each | SDK calls a commit | conflicts a commit | failed | moto, share of a core |',
  );
  write('|---|---|---|---|---|---|---|---|---|');
  for (const [size, rounds] of found) {
    const times = spread(ratios(of(rounds, 'rate'), of(base, 'rate')), 2);
    const counts = (['callsAProposal', 'callsACommit', 'conflictsACommit'] as const).map((key) =>
      spread(of(rounds, key), 2),
    );
    const rest = [spread(of(rounds, 'failed')), spread(of(rounds, 'moto'), 2)];
    write(
      `| ${[size, spread(of(rounds, 'rate'), 1), times, spread(of(rounds, 'cpuMs'), 1), ...counts, ...rest].join(' | ')} |`,
    );
  }
  write('');
  tell('P16a', of(base, 'callsACommit'));
  tell('P16b', of(base, 'clientsACall'));
}

async function portOf(server: ChildProcess | undefined): Promise<number> {
  if (!server?.stdout) throw new Error('moto does not run');
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  await pause(300);
  return (JSON.parse(String(line)) as { port: number }).port;
}

/** Of moto so far; 0 where it is another's DynamoDB. */
function cpuSeconds(): number {
  if (moto?.pid === undefined) return 0;
  const fields = readFileSync(`/proc/${moto.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
