import type { Entity } from './entities.ts';
import { type Filled, fillInput } from './fill.ts';
import type { Lexicon, Meaning } from './lexicon.ts';
import { plainWord, type Reading } from './reading.ts';
import { overlaps } from './spans.ts';
import type { Token } from './tokens.ts';
import { type Known, type Phrase, type PhraseWord, type Vocabulary, weightOf } from './vocabulary.ts';
import { BENIGN } from './words.ts';

/** How well one tool explains a sentence. */
export interface Candidate {
  known: Known;
  filled: Filled;
  score: number;
  /** How much of the best phrase was said, 0–1. */
  said: number;
  /** Words and recognisable things this tool has no place for. */
  leftover: string[];
  complete: boolean;
}

/** Every tool with its score, best first; equal scores keep the catalog's order. */
export function scoreTools({ known, lexicon }: Vocabulary, reading: Reading): Candidate[] {
  return known.map((one) => scoreTool(one, reading, lexicon)).sort((a, b) => b.score - a.score);
}

function scoreTool(known: Known, reading: Reading, lexicon: Lexicon): Candidate {
  const filled = fillInput(known, reading, lexicon);
  const free = reading.words.filter((word) => !filled.used.some((span) => overlaps(span, word)));
  const scored = known.phrases.map((phrase) => scorePhrase(phrase, { reading, filled, free }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { score: 0, said: 0 });
  const missing = known.fields.filter(({ key, required }) => required && filled.input[key] === undefined);
  const complete =
    missing.length === 0 && filled.unclear === undefined && known.tool.input.safeParse(filled.input).success;
  const score = 0.5 * best.score + 0.25 * explained(known, free, reading) + 0.25 * entityFit(reading.entities, filled);
  return {
    known,
    filled,
    said: best.said,
    score: score - 0.08 * missing.length,
    leftover: leftovers(known, free, reading, filled),
    complete,
  };
}

interface Scene {
  reading: Reading;
  filled: Filled;
  free: readonly Token[];
}

function scorePhrase({ words, blanks }: Phrase, { reading, filled }: Scene): { score: number; said: number } {
  const present = blanks.filter((key) => filled.input[key] !== undefined || filled.unclear?.field === key).length;
  const blankRatio = blanks.length === 0 ? 1 : present / blanks.length;
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return blankRatio === 1 ? { score: 0.9, said: 1 } : { score: 0, said: 0 };
  const matched = words.reduce((sum, word) => sum + (isSaid(word, reading) ? word.weight : 0), 0);
  const said = matched / total;
  if (total < 1 && blankRatio < 1) return { score: 0.3 * said, said: 0 };
  return { score: said * (0.6 + 0.3 * blankRatio + 0.05 * Math.min(2, matched)), said };
}

function isSaid({ word, meaning }: PhraseWord, { words, meanings }: Reading): boolean {
  return words.some((token) => plainWord(token) === word || sameMeaning(meaning, meanings.get(token)));
}

/** 'rebooted' says what a phrase in the past says; it never says 'reboot'. */
function sameMeaning(wanted: Meaning | undefined, said: Meaning | undefined): boolean {
  if (wanted === undefined || said === undefined) return false;
  const fits = said.inflection === wanted.inflection || (wanted.inflection === 'past' && said.inflection === 'base');
  return fits && wanted.concepts.some((concept) => said.concepts.includes(concept));
}

/** The share of the sentence's weight that this tool's words account for. */
function explained(known: Known, free: readonly Token[], { meanings }: Reading): number {
  const weights = free.map((word) => weightOf(plainWord(word)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return 1;
  const own = free.reduce(
    (sum, word, at) => sum + (isOwn(known, word, meanings.get(word)) ? (weights[at] ?? 0) : 0),
    0,
  );
  return own / total;
}

function isOwn({ concepts }: Known, word: Token, meaning: Meaning | undefined): boolean {
  return concepts.has(plainWord(word)) || (meaning?.concepts.some((concept) => concepts.has(concept)) ?? false);
}

function entityFit(entities: readonly Entity[], { used }: Filled): number {
  if (entities.length === 0) return 1;
  return entities.filter((entity) => used.some((span) => overlaps(span, entity))).length / entities.length;
}

function leftovers(
  known: Known,
  free: readonly Token[],
  { meanings, entities, names, free: texts }: Reading,
  { used }: Filled,
): string[] {
  const words = free.filter((word) => {
    const meaning = meanings.get(word);
    if (BENIGN.has(plainWord(word)) && word.key === undefined) return false;
    return word.key !== undefined || meaning?.inflection !== 'base' || !isOwn(known, word, meaning);
  });
  const unused = [...entities, ...names, ...texts].filter((part) => !used.some((span) => overlaps(span, part)));
  return [
    ...words.map(({ text, key }) => key ?? text),
    ...unused.map((part) => String('value' in part ? part.value : part.text)),
  ];
}
