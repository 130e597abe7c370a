import type { Clock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { createHouse, type House, NOON, stored } from '../approvals/house.ts';
import { movableClock } from '../store/movable-clock.ts';
import { countEffects, withoutStateCheck } from './replays/effects.ts';
import { decision, drawStory, proposal, type Request, SHAPES, type Story } from './replays/requests.ts';

type ReplaySabotage = 'state check off';

export interface ReplayFigures {
  seed: number;
  seconds: number;
  stories: number;
  /** Requests that were delivered again, by what they are. */
  replays: Map<string, number>;
  /** House instances that were started anew on a store in the middle of a story. */
  restarts: number;
  /** Replays that came while the first delivery was still under way. */
  overtaking: number;
  /** Calls of AWS that were to be made, and that were. */
  wanted: number;
  made: number;
  /** What replays did. */
  extra: string[];
}

interface Options {
  seed: number;
  /** Stories go on until this many requests were delivered again. */
  replays: number;
  sabotage?: ReplaySabotage;
}

/** Stories of a change, each on a store of its own with two houses, in which every request comes up to ten more times. */
export async function playReplays({ seed, replays, sabotage }: Options): Promise<ReplayFigures> {
  const started = performance.now();
  const random = seeded(seed);
  const figures: ReplayFigures = {
    ...{ seed, seconds: 0, stories: 0, restarts: 0, overtaking: 0, wanted: 0, made: 0 },
    ...{ replays: new Map(), extra: [] },
  };
  while (countReplays(figures) < replays) {
    const story = drawStory(random, SHAPES[figures.stories % SHAPES.length] ?? 'text');
    await tell(random, story, figures, sabotage);
    figures.stories += 1;
  }
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

export const countReplays = ({ replays }: ReplayFigures): number =>
  [...replays.values()].reduce((sum, number) => sum + number, 0);

/** Two houses on one store; either may be started anew at any time. */
interface Street {
  store: Store;
  effects: string[];
  houses: [House, House];
  clock: { clock: Clock; setNow(ms: number): void };
  through: ((store: Store) => Store) | undefined;
  /** Calls of houses that are no longer there. */
  callsBefore: number;
}

async function openStreet(sabotage: ReplaySabotage | undefined): Promise<Street> {
  const clock = movableClock(NOON);
  const opened = await createSqliteStore({ path: ':memory:', clock: clock.clock, log: silentLog });
  const { store, effects } = countEffects(opened);
  const through = sabotage ? withoutStateCheck : undefined;
  const houses: [House, House] = [
    await createHouse({ store, clock, through }),
    await createHouse({ store, clock, through }),
  ];
  return { store, effects, houses, clock, through, callsBefore: 0 };
}

const callsOf = ({ houses, callsBefore }: Street): number =>
  houses.reduce((sum, { aws }) => sum + aws.writes.length, callsBefore);

async function tell(
  random: Random,
  story: Story,
  figures: ReplayFigures,
  sabotage: ReplaySabotage | undefined,
): Promise<void> {
  const street = await openStreet(sabotage);
  const [house] = street.houses;
  const asking = proposal(story);
  const asked = await asking.deliver(house.gate);
  if (asked.status !== 'pending') throw new Error(`not pending: ${JSON.stringify(asked.view)}`);
  await replay(random, street, asking, figures);
  const { digest } = await stored(house, asked.approvalId);
  const change = { id: asked.approvalId, token: asked.token ?? '', digest };
  const sent: Request[] = [];
  for (const said of story.says) {
    const request = decision(story, said, change);
    await deliverFirst(random, street, request, figures);
    sent.push(request);
    for (const old of sent) await replay(random, street, old, figures);
  }
  await settled(street);
  const runs = story.says.every(({ verdict }) => verdict === 'approve') ? 1 : 0;
  figures.wanted += runs;
  figures.made += callsOf(street);
  if (callsOf(street) !== runs) figures.extra.push(`AWS was called ${callsOf(street)} times instead of ${runs}`);
  await street.store.close();
}

/** The first delivery, perhaps overtaken by its own replays in both houses. */
async function deliverFirst(random: Random, street: Street, request: Request, figures: ReplayFigures): Promise<void> {
  const before = street.effects.length;
  const overtaken = random.below(3) === 0 ? 1 + random.below(4) : 0;
  const gates = Array.from({ length: 1 + overtaken }, () => random.pick(street.houses).gate);
  const outcomes = await Promise.all(gates.map((gate) => request.deliver(gate)));
  await settled(street);
  figures.overtaking += overtaken;
  count(figures, request, overtaken);
  const counted = outcomes.filter(({ status }) => status !== 'denied').length;
  if (counted !== 1) figures.extra.push(`${request.name} counted ${counted} times at once`);
  const votes = street.effects.slice(before).filter((effect) => effect.startsWith('put resource_lock')).length;
  if (votes > 1) figures.extra.push(`${request.name} started ${votes} calls`);
}

/** The same request once more, up to ten times: nothing may come of it. */
async function replay(random: Random, street: Street, request: Request, figures: ReplayFigures): Promise<void> {
  const times = 1 + random.below(10);
  for (let time = 0; time < times; time += 1) {
    if (random.below(4) === 0) await restart(random, street, figures);
    if (random.below(4) === 0) await settled(street);
    const before = street.effects.length;
    const calls = callsOf(street);
    await request.deliver(random.pick(street.houses).gate);
    await Promise.all(street.houses.map(({ gate }) => gate.idle()));
    const more = street.effects.slice(before);
    if (more.length > 0) figures.extra.push(`${request.name} again: ${more.map(withoutId).join(', ')}`);
    if (callsOf(street) > calls) figures.extra.push(`${request.name} again: AWS was called`);
  }
  count(figures, request, times);
}

const withoutId = (effect: string): string => effect.split(' ').slice(0, 2).join(' ');

function count({ replays }: ReplayFigures, { name }: Request, times: number): void {
  replays.set(name, (replays.get(name) ?? 0) + times);
}

/** One of the houses stops and starts anew on the same store: nothing that it remembered is left. */
async function restart(random: Random, street: Street, figures: ReplayFigures): Promise<void> {
  const place = random.below(2);
  const old = street.houses[place];
  await old?.gate.stop();
  street.callsBefore += old?.aws.writes.length ?? 0;
  const { store, clock, through } = street;
  street.houses[place] = await createHouse({ store, clock, through });
  figures.restarts += 1;
}

/** Time passes, but no deadline does; both sweep, and whatever was being looked at is seen. */
async function settled({ houses, clock }: Street): Promise<void> {
  clock.setNow(clock.clock.now() + 3_000);
  for (const { gate } of houses) await gate.sweep(new AbortController().signal);
  await Promise.all(houses.map(({ gate }) => gate.idle()));
}

const shown = (number: number): string => number.toLocaleString('en-US');

/** The long form: `npm run campaign replays -- [replays] [seed]`. */
export async function campaignReplays([replays = 20_000, seed = 2026]: readonly number[]) {
  const figures = await playReplays({ seed, replays });
  const lines = [
    `extra effects: ${figures.extra.length} of ${shown(countReplays(figures))} requests delivered again`,
    ...[...figures.replays].sort().map(([name, times]) => `  ${name}: ${shown(times)}`),
    `  of them ${shown(figures.overtaking)} while the first was under way; ${shown(figures.restarts)} restarts in between`,
    `calls of AWS: ${shown(figures.made)} of ${shown(figures.wanted)} that were approved, in ${shown(figures.stories)} stories`,
    `seed ${seed}, ${figures.seconds} s`,
    ...[...new Set(figures.extra)].slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: figures.extra.length === 0 };
}
