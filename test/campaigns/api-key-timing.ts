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
/** The slowest tenth is what the machine did beside, such as collecting garbage; of both classes alike. */
const COUNTED_PART = 0.9;

/**
 * Whether the time of a refusal says how much of a key was right (SAFETY E8): keys that differ from a real one in their last letter
 * only, against random ones, in random order, each timed alone. Keys of both classes are made in the same way and once.
 */
export function playTiming({ seed, samples, sabotage = false }: Options): TimingFigures {
  const started = performance.now();
  const random = seeded(seed);
  const made = Array.from({ length: SERVICES }, () => newApiKey());
  const check = sabotage ? letterByLetter(made.map(({ key }) => key)) : realCheck(made.map(({ sha256 }) => sha256));
  const classes = [
    nearKeys(
      made.map(({ key }) => key),
      random,
    ),
    randomKeys(),
  ] as const;

  const times = (count: number, each: (of: 0 | 1, ns: number) => void) => {
    for (let number = 0; number < count; number += 1) {
      const of = random.below(2) === 0 ? 0 : 1;
      const key = random.pick(classes[of]);
      const before = performance.now();
      check(key);
      each(of, (performance.now() - before) * 1e6);
    }
  };

  const first: number[] = [];
  times(WARM_UP, () => {});
  times(WARM_UP, (_, ns) => void first.push(ns));
  const slowest = first.sort((one, other) => one - other)[Math.floor(first.length * COUNTED_PART)] ?? 0;
  const sums = [newSums(), newSums()] as const;
  times(2 * samples, (of, ns) => ns <= slowest && add(sums[of], ns));
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

const KEYS = 1_000;
/** One string of its own, whatever it was cut from: how a string lies in memory must not tell the classes apart. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

function nearKeys(real: readonly string[], random: Random): string[] {
  return Array.from({ length: KEYS }, () => {
    const key = random.pick(real);
    const last = key.slice(-1);
    return flat(`${key.slice(0, -1)}${random.pick([...'ABCDEFGHIJKLMNOP'].filter((letter) => letter !== last))}`);
  });
}

const randomKeys = (): string[] =>
  Array.from({ length: KEYS }, () => flat(`oak_${randomBytes(32).toString('base64url')}`));

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
    `keys right but for their last letter, against random ones: ${inWords(figures)}`,
    `the same, compared letter by letter: ${inWords(spoilt)}`,
    `told apart from |t| = ${TOLD_APART} on; seed ${seed}, ${figures.seconds} s`,
  ];
  return { lines, held: Math.abs(figures.t) < TOLD_APART && Math.abs(spoilt.t) > TOLD_APART };
}
