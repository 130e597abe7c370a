import type { JsonObject } from '../../lib/json.ts';
import { shapeOf } from './entities.ts';
import { type InputField, valueFor } from './fields.ts';
import { fillInput } from './fill.ts';
import { type Call, finish } from './finish.ts';
import { stopFor } from './guards.ts';
import type { Ask } from './question.ts';
import { plainWord, readSentence } from './reading.ts';
import { overlaps, type Span } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';
import type { OpenQuestion } from './understanding.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { BENIGN } from './words.ts';

/** An answer is shorter than a request. */
const MOST_WORDS = 20;

const WITHDRAWN = new Set([
  'cancel',
  'never mind',
  'nevermind',
  'no',
  'nope',
  'forget it',
  'stop',
  'nothing',
  'abort',
  'none',
  'no thanks',
  'leave it',
]);

export function isWithdrawal(message: string): boolean {
  const words = tokenize(message.slice(0, 60)).map((word) => plainWord(word));
  return message.length <= 60 && WITHDRAWN.has(words.filter((word) => word !== '').join(' '));
}

/**
 * The message is just the answer to the open question: the call, the next question, or undefined when it is something else.
 * `how` 'certain' takes only what has the field's own shape; 'likely' also takes a lone name or the whole text.
 */
export function answer(
  vocabulary: Vocabulary,
  open: OpenQuestion,
  message: string,
  now: number,
  how: 'certain' | 'likely',
) {
  const known = vocabulary.byName(open.tool);
  const field = known?.fields.find(({ key }) => key === open.missing);
  if (known === undefined || field === undefined) return undefined;
  const given = how === 'certain' ? shapedAnswer(vocabulary, known, field, message) : loneAnswer(field, message);
  if (given === undefined || contradicts(open.known, given)) return undefined;
  const input = { ...open.known, ...given };
  const result: Call | Ask = finish(vocabulary, known, { by: 'phrases', input, message, earlier: open.known }, now);
  return given[field.key] === undefined && result.kind === 'ask' ? undefined : result;
}

/** What was established earlier is not changed by an answer to something else. */
function contradicts(earlier: JsonObject, given: JsonObject): boolean {
  return Object.entries(given).some(([key, value]) => earlier[key] !== undefined && earlier[key] !== value);
}

function loneAnswer(field: InputField, message: string): JsonObject | undefined {
  const tokens = tokenize(message);
  if (field.kind === 'text' || field.kind === 'reason') return { [field.key]: freeText(tokens, message) };
  const [only] = tokens;
  const taken = only !== undefined && tokens.length === 1 && only.tail !== '?' && fits(field, only);
  return taken ? { [field.key]: valueFor(field, only.text) } : undefined;
}

function shapedAnswer(
  vocabulary: Vocabulary,
  known: Known,
  field: InputField,
  message: string,
): JsonObject | undefined {
  if (field.kind === 'text' || field.kind === 'reason' || stopFor(message, [], false)) return undefined;
  if (tokenize(message).length > MOST_WORDS) return undefined;
  const reading = readSentence(message, vocabulary.lexicon);
  const { input, used, unclear } = fillInput(known, reading, vocabulary.lexicon);
  const isUsed = (span: Span) => used.some((other) => overlaps(other, span));
  const own = field.key.split('_');
  const plain = reading.words.every(
    (word) => isUsed(word) || BENIGN.has(plainWord(word)) || own.includes(plainWord(word)),
  );
  const whole = plain && unclear === undefined && [...reading.entities, ...reading.free].every(isUsed);
  return whole && Object.keys(input).length > 0 ? input : undefined;
}

/** One bare word for a field that takes names: 'main' for the cluster. */
function fits({ kind, choices }: InputField, { text, lower, key }: Token): boolean {
  if (key !== undefined) return false;
  if (kind === 'word') return true;
  if (kind === 'cluster' || kind === 'service') return shapeOf(text) === undefined;
  return choices.some((choice) => choice.toLowerCase() === lower);
}

function freeText(tokens: readonly Token[], message: string): string {
  const [only] = tokens;
  return tokens.length === 1 && only?.quoted && !only.unclosed ? only.text : message.trim();
}
