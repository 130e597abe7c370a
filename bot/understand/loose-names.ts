import type { JsonObject } from '../../lib/json.ts';
import type { InputField } from './fields.ts';
import type { Lexicon } from './lexicon.ts';
import { isNameLike } from './names.ts';
import type { Reading } from './reading.ts';
import type { Candidate } from './score.ts';
import { overlaps, type Span } from './spans.ts';
import type { Token } from './tokens.ts';
import type { Known } from './vocabulary.ts';
import { BENIGN, EMPTY } from './words.ts';

/** A word written where a name stands and taken by no field yet. `place`: it stands behind 'in'. */
interface LooseName {
  token: Token;
  place: boolean;
}

const BEFORE_NAMES = new Set(['on', 'in', 'of', 'for', 'to', 'about', 'named', 'called']);
const BETWEEN = new Set(['the', 'our', 'my', 'service', 'svc', 'cluster', 'instance', 'server']);
const ONE_OF_ECS = new Set(['service', 'svc', 'cluster']);
/** They say where or how much without naming anything. */
const NO_NAMES = new Set(
  (
    'aws account cloud region regions system systems infrastructure infra environment platform total detail details general ' +
    'again lately recently far already still'
  ).split(' '),
);
/** Services are called like this too: 'what changed on search'. */
const VERBS = new Set(['search', 'find', 'view']);
const TIMES = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday weekend morning afternoon evening night noon midnight ' +
    'january february march april may june july august september october november december'
  ).split(' '),
);

/**
 * The candidate with the name the sentence carries in the field for it: 'what changed on checkout'. A name without a
 * field, a second one or a day of the week makes the candidate ask: a filter somebody wrote is never dropped. Reads only.
 */
export function withLooseNames(candidate: Candidate, reading: Reading, lexicon: Lexicon): Candidate {
  const { known, filled } = candidate;
  if (known.tool.effect !== 'read' || filled.unclear !== undefined) return candidate;
  const names = looseNames(candidate, reading, lexicon);
  const [first] = names;
  if (first === undefined) return candidate;
  const time = names.find(({ token }) => TIMES.has(token.lower));
  if (time) return withUnknownTime(candidate, time.token);
  const field = known.fields.find((one) => filled.input[one.key] === undefined && takes(known, one, names));
  if (field === undefined) return { ...candidate, drops: candidate.drops || matters(known, names) };
  if (names.length > 1) return withSeveral(candidate, field, names);
  return withName(candidate, field, first.token);
}

function looseNames({ known, filled }: Candidate, reading: Reading, lexicon: Lexicon): LooseName[] {
  const isUsed = (span: Span) => filled.used.some((other) => overlaps(other, span));
  const unknown = (word: Token) =>
    isNameLike(word, lexicon) && reading.meanings.get(word) === undefined && !NO_NAMES.has(word.lower);
  const isService = (word: Token) => VERBS.has(word.lower) && isDirectlyBehind(reading.tokens, word);
  return reading.words
    .filter((word) => !isUsed(word) && (unknown(word) || isService(word)))
    .flatMap((token) => {
      const opening = openingOf(reading.tokens, token);
      const named = isMarked(token) || opening !== undefined || isLastBehindNoun(known, reading, token);
      return named || isBesideNoun(reading.tokens, token) ? [{ token, place: opening === 'in' }] : [];
    });
}

/** 'web-2', 'node1', 'web_api': no plain word is written like that. */
function isMarked({ text }: Token): boolean {
  return /[\d_-]/.test(text);
}

/** The preposition in front: 'on' of 'on the checkout service'. */
function openingOf(tokens: readonly Token[], name: Token): string | undefined {
  let at = tokens.indexOf(name) - 1;
  while (BETWEEN.has(tokens[at]?.lower ?? '')) at--;
  const before = tokens[at]?.lower ?? '';
  return BEFORE_NAMES.has(before) ? before : undefined;
}

function isDirectlyBehind(tokens: readonly Token[], word: Token): boolean {
  return ['on', 'in', 'of', 'for'].includes(tokens[tokens.indexOf(word) - 1]?.lower ?? '');
}

function isBesideNoun(tokens: readonly Token[], name: Token): boolean {
  const at = tokens.indexOf(name);
  return [tokens[at - 1], tokens[at + 1]].some((near) => near !== undefined && ONE_OF_ECS.has(near.lower));
}

/** 'list instances web', not 'are instances sick'. */
function isLastBehindNoun({ concepts }: Known, { tokens, entities, meanings }: Reading, name: Token): boolean {
  const at = tokens.indexOf(name);
  const meaning = meanings.get(tokens[at - 1] ?? name);
  const isTime = (word: Token) => entities.some((one) => one.kind === 'time_window' && overlaps(one, word));
  const last = tokens.slice(at + 1).every((word) => isTime(word) || BENIGN.has(word.lower) || EMPTY.has(word.lower));
  const asks = tokens.some(({ lower }) => lower === 'is' || lower === 'are');
  return !asks && last && meaning?.inflection === 'base' && meaning.concepts.some((one) => concepts.has(one));
}

/** 'in ireland' is no instance's name. */
function takes({ fields }: Known, { key, kind }: InputField, names: readonly LooseName[]): boolean {
  if (key === 'name') return !names.some(({ place }) => place);
  return key === 'resource_name' || (kind === 'cluster' && !fields.some((other) => other.kind === 'service'));
}

/** Rows without a filter would look like the answer; beside an id, only what is clearly a name counts. */
function matters({ fields }: Known, names: readonly LooseName[]): boolean {
  return fields.every(({ required }) => !required) || names.some(({ token }) => isMarked(token));
}

function withName(candidate: Candidate, { key }: InputField, { text, start, end }: Token): Candidate {
  const { known, filled, leftover } = candidate;
  const input: JsonObject = { ...filled.input, [key]: text };
  return {
    ...candidate,
    filled: { input, used: [...filled.used, { start, end }] },
    leftover: leftover.filter((word) => word !== text),
    complete: known.tool.input.safeParse(input).success,
  };
}

function withSeveral(candidate: Candidate, { key }: InputField, names: readonly LooseName[]): Candidate {
  const options = names.map(({ token }) => token.text);
  const because = `I take one ${key} at a time and found ${options.slice(0, 6).join(', ')}.`;
  return { ...candidate, complete: false, filled: { ...candidate.filled, unclear: { field: key, options, because } } };
}

function withUnknownTime(candidate: Candidate, { text }: Token): Candidate {
  const { known, filled } = candidate;
  const field = known.fields.find(({ kind, key }) => kind === 'time_window' && filled.input[key] === undefined);
  if (field === undefined) return { ...candidate, drops: true };
  const because = `I do not know which time “${text}” is.`;
  return { ...candidate, complete: false, filled: { ...filled, unclear: { field: field.key, options: [], because } } };
}
