import type { Json } from '../../lib/json.ts';
import { shapeOf } from './entities.ts';
import { type InputField, valueFor } from './fields.ts';
import { fillInput } from './fill.ts';
import { type Call, finish } from './finish.ts';
import { stopFor } from './guards.ts';
import type { Ask } from './question.ts';
import { plainWord, readSentence } from './reading.ts';
import { overlaps } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';
import type { OpenQuestion } from './understanding.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { BENIGN } from './words.ts';

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

/** The message is just the answer to the open question: the call, the next question, or undefined when it is something else. */
export function answer(
  vocabulary: Vocabulary,
  open: OpenQuestion,
  message: string,
  now: number,
): Call | Ask | undefined {
  const known = vocabulary.byName(open.tool);
  const field = known?.fields.find(({ key }) => key === open.missing);
  if (known === undefined || field === undefined) return undefined;
  const given = answered(vocabulary, known, field, message);
  if (given === undefined) return undefined;
  const input = { ...open.known, ...given };
  return finish(vocabulary, known, { by: 'phrases', input, message, earlier: open.known }, now);
}

function answered(
  vocabulary: Vocabulary,
  known: Known,
  field: InputField,
  message: string,
): Record<string, Json> | undefined {
  const tokens = tokenize(message);
  const [only] = tokens;
  if (field.kind === 'text' || field.kind === 'reason') return { [field.key]: freeText(tokens, message) };
  if (stopFor(message, [], false)) return undefined;
  if (only && tokens.length === 1 && fits(field, only)) return { [field.key]: valueFor(field, only.text) };
  const reading = readSentence(message, vocabulary.lexicon);
  const { input, used, unclear } = fillInput(known, reading, vocabulary.lexicon);
  const extra = reading.words.filter(
    (word) => !BENIGN.has(plainWord(word)) && !used.some((span) => overlaps(span, word)),
  );
  const others = reading.entities.filter((entity) => !used.some((span) => overlaps(span, entity)));
  const usable = unclear === undefined && input[field.key] !== undefined && others.length === 0;
  return usable && extra.every(({ lower }) => lower === field.kind || lower === field.key) ? input : undefined;
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
