import type { ParamKind } from '../../tools/params.ts';
import { type Filled, fillInput } from './fill.ts';
import type { Lexicon, Meaning } from './lexicon.ts';
import { plainWord, type Reading } from './reading.ts';
import { overlaps, type Span } from './spans.ts';
import type { Token } from './tokens.ts';
import { isArticle, type Known, type Phrase, type PhraseWord, type Vocabulary, weightOf } from './vocabulary.ts';
import { BENIGN, spoken } from './words.ts';

/** How well one tool explains a sentence. Numbers are 0–1. */
export interface Candidate {
  known: Known;
  filled: Filled;
  score: number;
  /** How much of the best phrase was said. */
  said: number;
  /** One of its phrases was said whole, blanks included. */
  full: boolean;
  /** How much of the sentence's own words this tool has a use for. */
  explained: number;
  /** Words and recognisable things this tool has no place for. */
  leftover: string[];
  /** A recognisable thing or a text would be passed over; a severity is often only an adjective. */
  drops: boolean;
  complete: boolean;
}

/** Every tool with its score, best first; equal scores keep the catalog's order. */
export function scoreTools({ known, lexicon }: Vocabulary, reading: Reading): Candidate[] {
  return known.map((one) => scoreTool(one, reading, lexicon)).sort((a, b) => b.score - a.score);
}

function scoreTool(known: Known, reading: Reading, lexicon: Lexicon): Candidate {
  const filled = fillInput(known, reading, lexicon);
  const free = reading.words.filter((word) => !filled.used.some((span) => overlaps(span, word)));
  const scored = known.phrases.map((phrase) => scorePhrase(phrase, { known, reading, filled }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), NOT_SAID);
  const missing = known.fields.filter(({ key, required }) => required && filled.input[key] === undefined);
  const settled = missing.length === 0 && filled.unclear === undefined;
  const explained = explainedShare(known, free, reading);
  return {
    known,
    filled,
    score: 0.4 * best.score + 0.35 * explained + 0.25 * fit(reading, filled) - 0.05 * missing.length,
    said: best.said,
    full: scored.some((phrase) => phrase.full),
    explained,
    leftover: leftovers(known, free, reading, filled),
    drops: [...reading.entities, ...reading.free].some((part) => isDropped(part, filled)),
    complete: settled && known.tool.input.safeParse(filled.input).success,
  };
}

interface Scene {
  known: Known;
  reading: Reading;
  filled: Filled;
}

interface PhraseScore {
  score: number;
  said: number;
  full: boolean;
}

const NOT_SAID: PhraseScore = { score: 0, said: 0, full: false };

function scorePhrase({ words, blanks, single, command }: Phrase, scene: Scene): PhraseScore {
  const { known, filled } = scene;
  const isPresent = (key: string) => filled.input[key] !== undefined || filled.unclear?.field === key;
  const wanted = blanks.filter(
    (key) => isPresent(key) || known.fields.some((field) => field.key === key && field.required),
  );
  const present = wanted.filter(isPresent).length;
  const blankRatio = wanted.length === 0 ? 1 : present / wanted.length;
  const total = sum(words.map(({ weight }) => weight));
  const filledIn = present >= Math.min(2, blanks.length) && blankRatio === 1;
  if (total === 0) return filledIn && present > 1 ? { score: 0.9, said: 1, full: true } : NOT_SAID;
  const exact = sum(words.map((word) => (isSaid(word, scene.reading, 'exact') ? word.weight : 0)));
  const matched = sum(words.map((word) => (isSaid(word, scene.reading, 'meant') ? word.weight : 0)));
  if (matched === 0) return NOT_SAID;
  const named = command && words.length > 1 && exact === total ? 0.3 : 0;
  const bonus = named + (single && scene.reading.words.some((word) => isArticle(word.lower)) ? 0.3 : 0);
  const said =
    sum(words.map((word) => (isSaid(word, scene.reading, 'meant') || isImplied(word, scene) ? word.weight : 0))) /
    total;
  if (total < 1 && (blankRatio < 1 || blanks.length === 0)) return { score: 0.3 * said, said: 0, full: false };
  const score = said * (0.48 + 0.3 * blankRatio + 0.05 * Math.min(2, matched) + 0.12 * (exact / total) + bonus);
  return {
    score,
    said,
    full: isWhole({ said, blankRatio, exact: exact / total, blanks, wanted }),
  };
}

/** A command's own words count as said whole only as they are: 'tell' is not the command `announce`. */
function isWhole(phrase: {
  said: number;
  blankRatio: number;
  exact: number;
  blanks: readonly string[];
  wanted: readonly string[];
}) {
  const { said, blankRatio, exact, blanks, wanted } = phrase;
  if (said < 0.999 || blankRatio < 1 || (blanks.length === 0 && exact < 0.999)) return false;
  return blanks.every((key) => wanted.includes(key) || isOptionalExtra(key));
}

/** 'who changed {resource_name} {time_window}' is said whole without the time. */
function isOptionalExtra(key: string): boolean {
  return key === 'time_window' || key === 'region' || key === 'reason';
}

function isSaid({ word, meaning }: PhraseWord, { words, meanings }: Reading, how: 'exact' | 'meant'): boolean {
  return words.some(
    (token) =>
      spoken(plainWord(token)).includes(word) || (how === 'meant' && sameMeaning(meaning, meanings.get(token))),
  );
}

/** 'rebooted' says what a phrase in the past says; it never says 'reboot'. */
function sameMeaning(wanted: Meaning | undefined, said: Meaning | undefined): boolean {
  if (wanted === undefined || said === undefined) return false;
  const fits = said.inflection === wanted.inflection || (wanted.inflection === 'past' && said.inflection === 'base');
  return fits && wanted.concepts.some((concept) => said.concepts.includes(concept));
}

/** An instance id says 'instance', a load balancer's ARN says 'load balancer'. */
const IMPLIED: Partial<Record<ParamKind | 'other', string>> = {
  instance_id: 'instance',
  cluster: 'cluster',
  service: 'service',
  alb_arn: 'alb',
  target_group_arn: 'target',
  incident_id: 'incident',
};

function isImplied({ word, meaning }: PhraseWord, { known, filled }: Scene): boolean {
  const kinds = known.fields.filter(({ key }) => filled.input[key] !== undefined).map(({ kind }) => IMPLIED[kind]);
  return kinds.some((concept) => concept !== undefined && (word === concept || meaning?.concepts.includes(concept)));
}

/** Words that carry little by themselves are never unexplained. */
function explainedShare(known: Known, free: readonly Token[], { meanings }: Reading): number {
  const heavy = free.filter((word) => weightOf(plainWord(word)) > 0);
  const total = sum(heavy.map((word) => weightOf(plainWord(word))));
  const isFine = (word: Token) => weightOf(plainWord(word)) < 1 || isOwn(known, word, meanings.get(word));
  return total === 0 ? 1 : sum(heavy.filter(isFine).map((word) => weightOf(plainWord(word)))) / total;
}

function isOwn({ concepts }: Known, word: Token, meaning: Meaning | undefined): boolean {
  return (
    spoken(plainWord(word)).some((one) => concepts.has(one)) ||
    (meaning?.concepts.some((concept) => concepts.has(concept)) ?? false)
  );
}

/** The share of ids, numbers, names and texts in the sentence that became part of the input. */
function fit({ entities, names, free }: Reading, { input, used }: Filled): number {
  const isUsed = (span: Span) => used.some((other) => overlaps(other, span));
  const values = Object.values(input);
  const parts = [
    ...entities.filter(({ kind }) => kind !== 'pair').map(isUsed),
    ...entities
      .filter(({ kind }) => kind === 'pair')
      .flatMap(({ value }) => {
        const whole = values.includes(value);
        return names.map((name) => whole || values.includes(name.value));
      }),
    ...free.filter(({ role }) => role !== 'reason').map(isUsed),
  ];
  return parts.length === 0 ? 1 : parts.filter((one) => one).length / parts.length;
}

function isDropped(part: Span & { kind?: string; vague?: true }, { used }: Filled): boolean {
  return part.kind !== 'severity' && !part.vague && !used.some((span) => overlaps(span, part));
}

function leftovers(known: Known, free: readonly Token[], reading: Reading, { used }: Filled): string[] {
  const words = free.filter((word) => {
    const meaning = reading.meanings.get(word);
    if (word.key !== undefined || word.lower === 'because') return true;
    return (
      !BENIGN.has(plainWord(word)) &&
      (meaning?.inflection === 'past' || meaning?.inflection === 'ing' || !isOwn(known, word, meaning))
    );
  });
  const { entities, names, free: texts } = reading;
  const unused = [...entities, ...names, ...texts].filter((part) => !used.some((span) => overlaps(span, part)));
  return [
    ...words.map(({ text, key }) => key ?? text),
    ...unused.map((part) => String('value' in part ? part.value : part.text)),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
