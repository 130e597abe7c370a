import { randomBytes } from 'node:crypto';
import { createApiKeys, newApiKey, ServicesFile } from '../../adapters/http/api-keys.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';

export interface TimingFigures {
  seed: number;
  seconds: number;
  /** Samples of each class that were counted, and all that were taken. */
  counted: readonly [near: number, random: number];
  taken: number;
  /** Mean of each class, in nanoseconds. */
  means: readonly [near: number, random: number];
  /** Welch's t between the classes. Beyond 4.5 they are told apart. */
  t: number;
}

interface Options {
  seed: number;
  /** Of each class. */
  samples: number;
  /** Compares keys as text, letter by letter, up to the first that differs. */
  sabotage?: boolean;
}

/** As dudect has it: what a machine's noise makes of two equal classes stays below. */
export const TOLD_APART = 4.5;
const WARM_UP = 20_000;
const SERVICES = 5;
/** What takes twice as long as nine of ten is what the machine did beside, such as collecting garbage; of both classes alike. */
const USUAL_PART = 0.9;
const BESIDE = 2;

/**
 * Whether the time of a refusal says how much of a key was right (SAFETY E8): keys that differ from a real one in their last letters
 * only, against random ones, in random order, each timed alone. Each key is made for one sample, and both classes in the same way: where
 * in memory a key lies must not tell them apart.
 */
export function playTiming({ seed, samples, sabotage = false }: Options): TimingFigures {
  const started = performance.now();
  const random = seeded(seed);
  const made = Array.from({ length: SERVICES }, () => newApiKey());
  const check = sabotage ? letterByLetter(made.map(({ key }) => key)) : realCheck(made.map(({ sha256 }) => sha256));
  const real = made.map(({ key }) => key);

  const times = (count: number, each: (of: Class, ns: number) => void) => {
    for (let number = 0; number < count; number += BATCH)
      for (const { of, key } of newBatch(real, random)) {
        const before = performance.now();
        check(key);
        each(of, (performance.now() - before) * 1e6);
      }
  };

  const first: number[] = [];
  times(WARM_UP, () => {});
  times(WARM_UP, (_, ns) => void first.push(ns));
  const usual = first.sort((one, other) => one - other)[Math.floor(first.length * USUAL_PART)] ?? 0;
  const sums = [newSums(), newSums()] as const;
  times(2 * samples, (of, ns) => ns <= usual * BESIDE && add(sums[of], ns));
  return {
    ...{ seed, taken: 2 * samples, t: welch(...sums) },
    counted: [sums[0].count, sums[1].count],
    means: [sums[0].mean, sums[1].mean],
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
}

function realCheck(hashes: readonly string[]): (key: string) => boolean {
  const entries = hashes.map((sha256, at) => [`service-${at}`, { roles: ['viewer'], keys: [{ sha256 }] }]);
  const value = ServicesFile.parse(Object.fromEntries(entries));
  const keys = createApiKeys({ services: () => ({ state: 'fresh', value }), clock: systemClock, log: silentLog });
  return (key) => keys.check(key).state === 'proven';
}

function letterByLetter(known: readonly string[]): (key: string) => boolean {
  const same = (one: string, other: string) => {
    for (let at = 0; at < one.length; at += 1) if (one.charCodeAt(at) !== other.charCodeAt(at)) return false;
    return one.length === other.length;
  };
  return (key) => known.some((one) => same(one, key));
}

const NEAR = 0;
const RANDOM = 1;
type Class = typeof NEAR | typeof RANDOM;
const BATCH = 1_000;
const LENGTH = 47;
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Random keys, and some that are right but for their last letters, cut one after the other from the same bytes. */
function newBatch(real: readonly string[], random: Random): { of: Class; key: string }[] {
  const classes = Array.from({ length: BATCH }, (): Class => (random.below(2) === 0 ? NEAR : RANDOM));
  const letters = () => [0, 0, 0].map(() => random.pick(LETTERS)).join('');
  const texts = classes.map((of) => {
    const key = of === NEAR ? random.pick(real) : `oak_${randomBytes(32).toString('base64url')}`;
    return `${key.slice(0, -3)}${letters()}`;
  });
  const bytes = Buffer.from(texts.join(''), 'latin1');
  const keys = classes.map((_, at) => bytes.toString('latin1', at * LENGTH, (at + 1) * LENGTH));
  return classes.map((of, at) => ({ of, key: keys[at] ?? '' }));
}

interface Sums {
  count: number;
  mean: number;
  /** Sum of the squared distances from the mean. */
  spread: number;
}

const newSums = (): Sums => ({ count: 0, mean: 0, spread: 0 });

/** Welford's way, which keeps its digits. */
function add(sums: Sums, value: number): void {
  sums.count += 1;
  const off = value - sums.mean;
  sums.mean += off / sums.count;
  sums.spread += off * (value - sums.mean);
}

export function welch(one: Sums, other: Sums): number {
  const part = ({ count, spread }: Sums) => spread / (count - 1) / count;
  return (one.mean - other.mean) / Math.sqrt(part(one) + part(other));
}

const shown = (number: number): string => Math.round(number).toLocaleString('en-US');
const inWords = ({ t, means, counted, taken }: TimingFigures): string =>
  `t = ${t.toFixed(2)}; means ${means.map((mean) => mean.toFixed(0)).join(' and ')} ns; ${counted.map(shown).join(' and ')} counted of ${shown(taken)}`;

/** The long form: `npm run campaign api-key-timing -- [samples of each class] [seed]`. */
export async function campaignTiming([samples = 1_600_000, seed = 2026]: readonly number[]) {
  const figures = playTiming({ seed, samples });
  const spoilt = playTiming({ seed, samples: Math.min(samples, 100_000), sabotage: true });
  const lines = [
    `keys right but for their last three letters, against random ones: ${inWords(figures)}`,
    `the same, compared letter by letter: ${inWords(spoilt)}`,
    `told apart from |t| = ${TOLD_APART} on; seed ${seed}, ${figures.seconds} s`,
  ];
  return { lines, held: Math.abs(figures.t) < TOLD_APART && Math.abs(spoilt.t) > TOLD_APART };
}
