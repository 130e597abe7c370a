import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKeyFiles } from '../../approvals/checkpoint-keys.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { type Oracle, startOracle } from '../e2e/aws-oracle.ts';
import { childEnv, type Installation, install } from '../e2e/opsagent.ts';
import { RACE_POLICY } from '../e2e/race-track.ts';
import { judge, type Verdict } from './crashes/judge.ts';
import { ChatLine, type CrashSabotage, type LifePlan, Said } from './crashes/life-plan.ts';
import { POINTS, type Point } from './crashes/points.ts';
import { readSynced } from './crashes/synced-log.ts';

export interface CrashFigures extends Verdict {
  seed: number;
  seconds: number;
  /** Kills at each point, and at random moments. */
  kills: Map<Point | 'random', number>;
  /** A process that was to die at a point and ended otherwise: its kill would say nothing. */
  missed: string[];
  /** From the start of the process after a kill until all is taken up, ms. */
  recoveryMs: number[];
}

interface Options {
  seed: number;
  /** Kills at each of the 12 points. */
  each: number;
  /** Kills at random moments. */
  random: number;
  /** Only these. */
  points?: readonly Point[];
  sabotage?: CrashSabotage;
}

const program = fileURLToPath(new URL('crashes/life.ts', import.meta.url));
/** Leases and pauses of a life are over when the next one begins. */
const LIFE_MS = 31_000;
const LAST_LIVES = 3;
/** More changes than a life has time for. */
const ENDLESS = 300;
/** Kills on one store; then it comes to rest and is judged. */
const KILLS_A_STORE = 60;
const HOLD_MS = 10;

/** Processes on one store, one after the other, each killed on its way; the next takes up what it left. */
export async function playCrashes({
  seed,
  each,
  random: randomKills,
  points,
  sabotage,
}: Options): Promise<CrashFigures> {
  const started = performance.now();
  const random = seeded(seed);
  const figures: CrashFigures = {
    ...{ seed, seconds: 0, kills: new Map(), missed: [], recoveryMs: [], changes: 0, calls: 0, unknown: 0 },
    ...{ doubleCalls: [], lostRecords: [], unsettled: [], falselyDone: [] },
  };
  const named = Array.from({ length: each }, () => points ?? (Object.keys(POINTS) as Point[])).flat();
  const kills: (Point | 'random')[] = [...named, ...Array.from({ length: randomKills }, () => 'random' as const)];
  while (kills.length > 0) {
    const verdict = await onOneStore(random, kills.splice(0, KILLS_A_STORE), figures, sabotage);
    add(figures, verdict);
  }
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

function add(figures: CrashFigures, verdict: Verdict): void {
  for (const name of ['changes', 'calls', 'unknown'] as const) figures[name] += verdict[name];
  for (const name of ['doubleCalls', 'lostRecords', 'unsettled', 'falselyDone'] as const)
    figures[name].push(...verdict[name]);
}

async function onOneStore(
  random: Random,
  kills: readonly (Point | 'random')[],
  figures: CrashFigures,
  sabotage?: CrashSabotage,
): Promise<Verdict> {
  const house = install();
  const oracle = await startOracle(house.path('aws.jsonl'), HOLD_MS);
  const plan = planFor(house, oracle, sabotage);
  let life = 0;
  const next = (more: Partial<LifePlan>): LifePlan => {
    life += 1;
    return { ...plan, life, aheadMs: life * LIFE_MS, ...more };
  };
  for (const kill of kills) {
    const ended =
      kill === 'random' ? await live(next({ changes: ENDLESS }), random) : await live(next({ point: kill }));
    note(figures, kill, life, ended);
  }
  for (let n = 0; n < LAST_LIVES; n += 1) {
    const { signal, code } = await live(next({}));
    if (signal !== null || code !== 0) figures.missed.push(`the last lives ended with ${signal ?? code}`);
  }
  const store = await openStore(plan.uri, { clock: systemClock, log: silentLog });
  const evidence = { chat: readSynced(plan.chat, ChatLine), said: readSynced(plan.said, Said) };
  const verdict = await judge({ store, reboots: oracle.reboots(), ...evidence });
  await store.close();
  await oracle.stop();
  house.remove();
  return verdict;
}

function note(figures: CrashFigures, kill: Point | 'random', life: number, { signal, recoveredMs }: Ended): void {
  if (signal !== 'SIGKILL') figures.missed.push(`${kill} in life ${life}`);
  figures.kills.set(kill, (figures.kills.get(kill) ?? 0) + 1);
  // The first life has nothing to recover from.
  if (life > 1 && recoveredMs !== undefined) figures.recoveryMs.push(recoveredMs);
}

function planFor({ path }: Installation, { url }: Oracle, sabotage?: CrashSabotage): LifePlan {
  const key = path('signing.pem');
  createKeyFiles(key);
  const policyFile = path('policy.yaml');
  writeFileSync(policyFile, RACE_POLICY);
  return {
    ...{ uri: `sqlite:${path('ops.db')}`, policyFile, aws: url, key, life: 0, aheadMs: 0, changes: 0, sabotage },
    ...{ chat: path('chat.jsonl'), said: path('said.jsonl'), checkpoints: path('checkpoints.jsonl') },
  };
}

interface Ended {
  signal: NodeJS.Signals | null;
  code: number | null;
  recoveredMs?: number;
}

/** `random`: killed at any moment, from its start on. */
async function live(plan: LifePlan, random?: Random): Promise<Ended> {
  const started = performance.now();
  const env = childEnv({ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-west-1' });
  const child = fork(program, [JSON.stringify(plan)], { env });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let recoveredMs: number | undefined;
  const recovered = once(child, 'message').then(() => {
    recoveredMs = performance.now() - started;
  });
  if (random) void killAtRandom(child, random, Promise.race([recovered, ended]));
  const [code, signal] = await ended;
  return { code, signal, recoveredMs };
}

/** One in four while it starts and recovers, the others while it works. */
async function killAtRandom(
  child: ReturnType<typeof fork>,
  random: Random,
  recovered: Promise<unknown>,
): Promise<void> {
  const early = random.below(4) === 0;
  const ms = random.below(early ? 1_000 : 400);
  if (!early) await recovered;
  await systemClock.sleep(ms);
  child.kill('SIGKILL');
}

/** What came to light, one line each. */
export const brokenCrashes = ({ doubleCalls, lostRecords, unsettled, falselyDone, missed }: CrashFigures): string[] => [
  ...[doubleCalls, lostRecords, unsettled, falselyDone].flat(),
  ...missed.map((what) => `was not killed: ${what}`),
];
