import { systemClock } from '../../../lib/clock.ts';
import { type Random, seeded } from '../../adapters/slack/seeded.ts';
import { ALICE, BOB, DAVE, ERIN } from '../../e2e/opsagent.ts';
import { openTrack, Proposed, type Runner, type Track } from '../../e2e/race-track.ts';
import { eventually } from '../../e2e/record-of.ts';
import type { Suite } from '../../peers/peers.ts';
import { type RedisPeer, redisServer } from '../../peers/redis.ts';
import { type Raced, type Tally, tally } from './outcome.ts';

export interface SharedRoundsFigures extends Tally {
  seed: number;
  seconds: number;
  changes: number;
  /** How often each thing was done to Redis or to a process. */
  faults: Map<string, number>;
  /** Changes whose process was killed during their call; another one found out what had become of it. */
  interrupted: number;
  chain: string | undefined;
}

interface Options {
  seed: number;
  changes: number;
  sabotage?: 'a store without conditions';
}

/** An approved change that nobody executes. */
interface Left extends Raced {
  id: string;
  fence: number;
}

const PROCESSES = 4;
const EVERY_MS = 250;
/** Changes that are left approved before something happens; a sweep takes up more. */
const BATCH = 16;
const DRAINED_MS = 60_000;
const REBOOT_MS = 50;

interface World {
  track: Track;
  redis: RedisPeer;
  workers: Runner[];
  random: Random;
}

/** What befalls the processes and Redis while the changes are taken up. */
const FAULTS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'kill -9 of two workers, and FLUSHALL': async (world) => {
    const killed = killTwo(world);
    await world.redis.by((client) => client.flushall());
    await killed;
  },
  'kill -9 of Redis': async ({ redis, random }) => {
    await redis.kill();
    await systemClock.sleep(random.below(1_500));
    await redis.start();
  },
  FLUSHALL: ({ redis }) => redis.by((client) => client.flushall()),
  'kill -9 of two workers': (world) => killTwo(world),
  'Redis stands still': async ({ redis, random }) => {
    redis.signal('SIGSTOP');
    await systemClock.sleep(random.below(1_500));
    redis.signal('SIGCONT');
  },
};

async function killTwo(world: World): Promise<void> {
  for (const runner of world.workers.splice(0, 2)) runner.signal('SIGKILL');
  world.workers.push(await worker(world), await worker(world));
}

async function worker({ track, redis }: Pick<World, 'track' | 'redis'>): Promise<Runner> {
  const runner = await track.join();
  await runner.act(BOB, { do: 'take rounds', redis: redis.url, everyMs: EVERY_MS });
  return runner;
}

/** Approved changes that nobody executes are taken up by four processes which share their rounds on Redis; Redis and processes die meanwhile. */
export async function playSharedRounds(
  suite: Suite,
  { seed, changes, sabotage }: Options,
): Promise<SharedRoundsFigures> {
  const started = performance.now();
  const redis = await redisServer(suite);
  const track = await openTrack({ careless: sabotage !== undefined, holdMs: REBOOT_MS });
  const random = seeded(seed);
  const parts = { track, redis, random };
  const workers = await Promise.all(Array.from({ length: PROCESSES }, () => worker(parts)));
  const world: World = { ...parts, workers };
  const faults = new Map<string, number>();
  const names = Object.keys(FAULTS);
  const raced: Left[] = [];
  while (raced.length < changes) {
    const batch = await leaveApproved(track, raced.length);
    raced.push(...batch);
    await underWay(track, batch.length, raced.length, random);
    const name = names[(raced.length / BATCH) % names.length] ?? '';
    faults.set(name, (faults.get(name) ?? 0) + 1);
    await FAULTS[name]?.(world);
    await drained(track, batch);
  }
  await comeToRest(world, raced);
  const figures = {
    ...{ ...tally(raced, track.reboots()), seed, changes: raced.length, faults },
    interrupted: raced.filter(({ fence }) => fence > 1).length,
    chain: (await track.chain()).firstBad?.because,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
  await track.stop();
  await redis.stop();
  return figures;
}

/** Approved, and then nobody goes on: the process behaves as if it had died after the vote. */
async function leaveApproved({ runners: [first] }: Track, from: number): Promise<Left[]> {
  const batch: Left[] = [];
  for (let n = from; n < from + BATCH; n += 1) {
    const instance = `i-0${n.toString(16).padStart(14, '0')}00`;
    const asked = await first.act(ALICE, { do: 'propose', instance, reason: 'a race' });
    const { id, token } = Proposed.parse(asked);
    const as = [BOB, DAVE, ERIN][n % 3] ?? BOB;
    await first.act(as, { do: 'approve and leave', token });
    batch.push({ instance, id, state: 'approved', fence: 0 });
  }
  return batch;
}

/** Until some of the batch are executed, and the others are not. */
async function underWay(track: Track, batch: number, of: number, random: Random): Promise<void> {
  const some = of - batch + 1 + random.below(batch / 2);
  await eventually(
    async () => track.reboots().length,
    (made) => made >= some,
    DRAINED_MS,
  );
}

async function drained(track: Track, batch: readonly { id: string }[]): Promise<void> {
  await eventually(
    () => Promise.all(batch.map(({ id }) => track.approval(id))),
    (all) => all.every(({ state }) => state !== 'approved' && state !== 'executing'),
    DRAINED_MS,
  );
}

/** Whoever is left looks for what a killed process may have sent; then each change says how it ended. */
async function comeToRest({ track }: World, raced: Left[]): Promise<void> {
  const [first] = track.runners;
  for (let look = 1; look <= 4; look += 1) await first.act(BOB, { do: 'sweep', laterMs: look * 61_000 });
  for (const change of raced) {
    const { state, fence } = await track.approval(change.id);
    Object.assign(change, { state, fence });
  }
}
