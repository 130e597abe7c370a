import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../../approvals/plan.ts';
import type { Random } from '../../adapters/slack/seeded.ts';

type Path = readonly (string | number)[];

export const MUTATIONS = ['changed', 'removed', 'added', 'reordered', 'another type', 'look-alike'] as const;
export type MutationKind = (typeof MUTATIONS)[number];

/** A plan that is no longer the one people saw. It need not be a valid one: whoever writes the row writes what they like. */
export interface Mutation {
  plan: Plan;
  kind: MutationKind;
  /** The field of the plan that it stands in, or the one it adds. */
  field: string;
  path: string;
}

/** One material change of `plan`: the value is another one afterwards, whatever the order of keys. */
export function mutate(random: Random, plan: Plan): Mutation {
  const paths = pathsOf(plan);
  for (;;) {
    const path = random.pick(paths);
    const kind = random.pick(MUTATIONS);
    const at: Path = kind === 'added' ? [...parentOf(plan, path), `added_${random.below(1000)}`] : path;
    const mutant = replaced(plan, at, (old) => MUTATE[kind](random, old));
    if (!isDeepStrictEqual(asJson(mutant), asJson(plan)))
      return { plan: mutant as Plan, kind, field: String(at[0]), path: at.join('.') };
  }
}

const REMOVED = Symbol('removed');

const MUTATE: Readonly<Record<MutationKind, (random: Random, old: unknown) => unknown>> = {
  changed: (random, old) => anotherOf(random, old),
  removed: () => REMOVED,
  added: (random) => random.pick(['', 'x', 0, true, null, [], {}]),
  reordered: (random, old) => (Array.isArray(old) ? rotated(old, 1 + random.below(old.length)) : old),
  'another type': (random, old) => ofAnotherType(random, old),
  'look-alike': (random, old) => (typeof old === 'string' ? lookAlike(random, old) : old),
};

const rotated = (values: readonly unknown[], by: number): unknown[] => [...values.slice(by), ...values.slice(0, by)];

function anotherOf(random: Random, old: unknown): unknown {
  if (typeof old === 'number') return old + random.pick([1, -1, 10, 0.5, 2 ** 32]);
  if (typeof old === 'boolean') return !old;
  if (typeof old === 'string') return spliced(random, old, random.pick(['', 'x', '0', 'production', '*', '"', '\\']));
  if (Array.isArray(old)) return random.pick([[...old, ...old], old.slice(1), [...old, 'more']]);
  return { ...(old ?? {}), more: random.below(10) };
}

/** Puts `insert` in, in place of up to one character. */
function spliced(random: Random, text: string, insert: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + insert + text.slice(at + (insert === '' ? 1 : random.below(2)));
}

function ofAnotherType(random: Random, old: unknown): unknown {
  const read = typeof old === 'string' && old !== '' && Number.isFinite(Number(old)) ? [Number(old)] : [];
  return random.pick<unknown>([...read, [old], { 0: old }, JSON.stringify(old), String(old), null, true, 0, '']);
}

/** Latin letters and digits, and what looks the same on a card. */
const TWINS: Readonly<Record<string, string>> = {
  ...{ a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у', '0': 'О', '1': 'l', '-': '‐' },
  ...{ '/': '∕', ':': '꞉', '.': '․', ' ': '\u00a0' },
};
const UNSEEN = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\u0301', ' ', '\u0000'];

function lookAlike(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const letter = text[at] ?? '';
  return random.pick([
    text.slice(0, at) + (TWINS[letter] ?? letter) + text.slice(at + 1),
    text.slice(0, at) + random.pick(UNSEEN) + text.slice(at),
    text.slice(0, at) + wide(letter) + text.slice(at + 1),
    text.slice(0, at) + otherCase(letter) + text.slice(at + 1),
    `${text} `,
  ]);
}

const otherCase = (letter: string): string =>
  letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();

/** The full-width form of an ASCII character. */
const wide = (letter: string): string =>
  /^[!-~]$/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter;

/** Where something stands, the objects and lists themselves too. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const inside = Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([key, inner]) =>
    pathsOf(inner, [...path, key]),
  );
  return path.length === 0 ? inside : [path, ...inside];
}

/** The path of the object that holds this value, or of an object above it. */
function parentOf(plan: Plan, path: Path): Path {
  const parent = path.slice(0, -1);
  const value = parent.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], plan);
  return Array.isArray(value) ? parentOf(plan, parent) : parent;
}

function replaced(value: unknown, [key, ...rest]: Path, by: (old: unknown) => unknown): unknown {
  if (key === undefined) return by(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  const inner = replaced(copy[key], rest, by);
  if (inner !== REMOVED) return Object.assign(copy, { [key]: inner });
  if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

/** As it is in the store: what JSON does not know is gone. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The very same plan, written in another way: order of keys, escapes, blanks, a way through text and back. */
export function rewritten(random: Random, plan: Plan): Plan {
  const shuffled = withKeysShuffled(random, plan);
  const text = JSON.stringify(shuffled, null, random.pick([0, 2, '\t']));
  const escaped = random.below(2) === 0 ? text : text.replaceAll(/[a-z](?=[^"\\]*":)/g, (letter) => escapeOf(letter));
  return random.pick([shuffled, structuredClone(shuffled), JSON.parse(escaped)]) as Plan;
}

const escapeOf = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

function withKeysShuffled(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeysShuffled(random, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => ({ key, inner, place: random.below(1_000_000) }));
  entries.sort((one, other) => one.place - other.place);
  return Object.fromEntries(entries.map(({ key, inner }) => [key, withKeysShuffled(random, inner)]));
}
