import type { CrashPoint } from '../../../approvals/crash.ts';
import type { Gate } from '../../../approvals/gate.ts';
import { localPeople, type Person } from '../../../approvals/people.ts';
import type { Clock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { createHouse, type House, NOON } from '../../approvals/house.ts';
import { createEstate, type Estate } from './estate.ts';
import { type Guard, REMOVALS, type Removal } from './guards.ts';
import { LIMITS, nameOf, Oracle } from './oracle.ts';
import { witnessed } from './witness.ts';

/** What befalls one house in the step that is under way. */
export interface Fate {
  /** It is killed when it comes there. */
  crash?: CrashPoint;
  /** So many commits are taken, and then the disk is full. */
  commitsLeft?: number;
  /** AWS says so to the next call. */
  awsError?: Error;
  /** It stands still between its claim and its call; meanwhile this happens. */
  standsStill?: () => Promise<void>;
}

interface Life {
  fate: Fate;
  isDead: boolean;
}

export interface Instance extends Life {
  house: House;
  /** As people reach it. */
  gate: Gate;
}

/** Two processes on one store, the estate behind them, and the oracle that sees what they do. */
export interface World {
  store: Store;
  raw: Store;
  clock: Clock;
  oracle: Oracle;
  estate: Estate;
  instances: Instance[];
  /** People on the allow-list. */
  people: Person[];
  paused: boolean;
  /** Whether the files of people and rules can be read. */
  rules: 'readable' | 'unreadable';
  /** Whoever waits in a request leaves when the house begins to wait for a neighbour. */
  patience: AbortController;
  pass(ms: number): void;
  restart(place: number): Promise<void>;
}

export async function openWorld(without: Guard | undefined): Promise<World> {
  let now = NOON;
  const estate = createEstate();
  const clock: Clock = {
    now: () => now,
    async sleep(ms, signal) {
      // A neighbour is waited for, or an effect: the walk goes on, and a sweep takes it up.
      if (signal) {
        world.patience.abort();
        throw new Error('nobody waits in a walk');
      }
      // The chance in a pause between tries does not make another walk of it.
      if (ms > 50) now += ms;
    },
  };
  const raw = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  const people = [...localPeople];
  const oracle = new Oracle({
    ...{ now: () => now, estate, paused: () => world.paused },
    readable: () => world.rules === 'readable',
    present: (who) => people.some(({ id }) => nameOf(id) === who),
  });
  const store = witnessed(raw, oracle);
  const world: World = {
    ...{ store, raw, clock, oracle, estate, people, paused: false, rules: 'readable', patience: new AbortController() },
    instances: [],
    pass: (ms) => {
      now += ms;
    },
    async restart(place) {
      world.instances[place] = await startInstance(world, place, without);
    },
  };
  await world.restart(0);
  await world.restart(1);
  return world;
}

export const problemOf = (rules: World['rules']): string | undefined =>
  rules === 'readable' ? undefined : 'people.yaml cannot be read';

async function startInstance(world: World, place: number, without: Guard | undefined): Promise<Instance> {
  const { clock, oracle, estate, people } = world;
  const removal: Partial<Removal> = without === undefined ? {} : REMOVALS[without];
  const life: Life = { fate: {}, isDead: false };
  const house = await createHouse({
    ...{ store: world.store, clock: { clock, setNow: () => {} }, settings: { limits: LIMITS } },
    through: (store) => removal.through?.(mortal(store, life)) ?? mortal(store, life),
  });
  house.people = people;
  house.problem = problemOf(world.rules);
  house.aws.seen = estate.seen;
  house.aws.onWrite = () => {
    const call = house.aws.writes.at(-1);
    if (call) oracle.called(call);
    const { awsError } = life.fate;
    life.fate.awsError = undefined;
    if (awsError) throw awsError;
    const { service, desiredCount } = { service: undefined, desiredCount: undefined, ...call?.input };
    if (typeof service === 'string' && typeof desiredCount === 'number') estate.scaled(service, desiredCount);
  };
  house.parts.holder = { ...house.parts.holder, host: `host-${place}` };
  house.parts.crash = (point) => {
    if (life.fate.crash !== point) return;
    life.isDead = true;
    throw new Error(`killed at ${point}`);
  };
  house.parts.aws = { open: standingStill(house, life) };
  house.parts.stepUp = { link: async () => 'https://ops.example.com/', open: async () => undefined };
  removal.spoil?.(house.parts);
  const gate = removal.door?.(house.gate) ?? house.gate;
  return Object.assign(life, { house, gate });
}

/** Of a dead process nothing reaches the store any more; on a full disk only so much does. */
function mortal(store: Store, life: Life): Store {
  const alive = () => {
    if (life.isDead) throw new OpsError('store_unavailable', 'the process is dead', { hint: 'Start it again.' });
  };
  return {
    ...store,
    async get(kind, id) {
      alive();
      return store.get(kind, id);
    },
    async query(kind, query) {
      alive();
      return store.query(kind, query);
    },
    async transact(writes, options) {
      alive();
      const { fate } = life;
      if (fate.commitsLeft === 0) throw new OpsError('store_unavailable', 'the disk is full', { hint: 'Free it.' });
      if (fate.commitsLeft !== undefined) fate.commitsLeft -= 1;
      return store.transact(writes, options);
    },
  };
}

function standingStill(house: House, life: Life): House['aws']['open'] {
  return async (request) => {
    if (life.isDead) throw new Error('the process is dead');
    const { standsStill } = life.fate;
    if (request.permit && standsStill) {
      life.fate.standsStill = undefined;
      await standsStill();
    }
    return house.aws.open(request);
  };
}
