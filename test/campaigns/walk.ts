import { verifyChain } from '../../approvals/audit-verify.ts';
import { seeded } from '../adapters/slack/seeded.ts';
import { ACTIONS, comeToRest, takeStep, type Walker } from './walk/actions.ts';
import type { Guard } from './walk/guards.ts';
import { STATES, TRANSITIONS } from './walk/transitions.ts';
import { openWorld } from './walk/world.ts';

/** Steps in one world; then it comes to rest, its chain is verified, and the next one begins. */
const STEPS_A_WORLD = 120;

export interface WalkFigures {
  seed: number;
  seconds: number;
  steps: number;
  worlds: number;
  changes: number;
  calls: number;
  /** Changes that count as done though another change of the same target did it. */
  madeByOthers: number;
  /** How often each kind of step was taken. */
  actions: Map<string, number>;
  /** How often each move of a change was seen. */
  transitions: Map<string, number>;
  violations: string[];
}

interface Options {
  seed: number;
  steps: number;
  /** The guard that is taken out. */
  without?: Guard;
  /** Goes on until the oracle says something that begins like this. */
  until?: string;
}

/** Walks at random through what people, time, AWS and accidents may do to changes; the oracle judges each step. */
export async function playWalk({ seed, steps, without, until }: Options): Promise<WalkFigures> {
  const started = performance.now();
  const random = seeded(seed);
  const figures: WalkFigures = {
    ...{ seed, seconds: 0, steps: 0, worlds: 0, changes: 0, calls: 0, madeByOthers: 0 },
    ...{ actions: new Map(), transitions: new Map(), violations: [] },
  };
  const isOver = () => figures.steps >= steps || isFound(figures, until);
  while (!isOver()) {
    const walker: Walker = { world: await openWorld(without), random, tokens: new Map() };
    await walkThrough(walker, figures, isOver);
  }
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

const isFound = ({ violations }: WalkFigures, until: string | undefined): boolean =>
  until !== undefined && violations.some((violation) => violation.startsWith(until));

async function walkThrough(walker: Walker, figures: WalkFigures, isOver: () => boolean): Promise<void> {
  const { oracle, store, raw } = walker.world;
  let seen = 0;
  for (let step = 0; step < STEPS_A_WORLD && !isOver(); step += 1) {
    const name = await takeStep(walker);
    add(figures.actions, name, 1);
    figures.steps += 1;
    const where = `world ${figures.worlds}, step ${step} (${name})`;
    figures.violations.push(...oracle.violations.slice(seen).map((violation) => `${violation}: ${where}`));
    seen = oracle.violations.length;
  }
  await comeToRest(walker);
  oracle.judgeEnd();
  const { ok, firstBad } = await verifyChain(store);
  if (!ok) oracle.broken(`the chain is broken: ${firstBad?.because}`);
  figures.violations.push(...oracle.violations.slice(seen).map((one) => `${one}: world ${figures.worlds}, at rest`));
  for (const [transition, times] of oracle.transitions) add(figures.transitions, transition, times);
  figures.worlds += 1;
  figures.changes += oracle.asked.size;
  figures.calls += oracle.calls;
  figures.madeByOthers += oracle.madeByOthers;
  await raw.close();
}

const add = (counts: Map<string, number>, name: string, by: number): void =>
  void counts.set(name, (counts.get(name) ?? 0) + by);

/** Moves that the walk has to see and did not. */
export const unseen = ({ transitions }: WalkFigures): string[] => TRANSITIONS.filter((one) => !transitions.has(one));

const count = (number: number): string => number.toLocaleString('en-US');

/** The long form: `npm run campaign walk -- [steps] [seed]`. */
export async function campaignWalk([steps = 1_000_000, seed = 2026]: readonly number[]) {
  const figures = await playWalk({ seed, steps });
  const { transitions, violations } = figures;
  const seen = TRANSITIONS.length - unseen(figures).length;
  const reached = STATES.filter((state) => [...transitions.keys()].some((one) => one.includes(`→ ${state}:`)));
  const lines = [
    `violations: ${violations.length} in ${count(figures.steps)} steps through ${count(figures.worlds)} worlds`,
    `transitions seen: ${seen} of ${TRANSITIONS.length}; states: ${reached.length} of ${STATES.length}`,
    ...[...transitions].map(([transition, times]) => `  ${transition}: ${count(times)}`),
    `changes ${count(figures.changes)}, calls of AWS ${count(figures.calls)}`,
    `  read back as made though another change made the same: ${count(figures.madeByOthers)}`,
    `kinds of step: ${figures.actions.size} of ${Object.keys(ACTIONS).length}`,
    `seed ${seed}, ${figures.seconds} s`,
    ...violations.slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: violations.length === 0 && unseen(figures).length === 0 };
}
