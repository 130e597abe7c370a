import { editDistance } from './edit-distance.ts';
import { shapeOf } from './entities.ts';
import { tokenize } from './tokens.ts';
import type { MenuReason, Suggestion, Understanding } from './understanding.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { EMPTY } from './words.ts';

export type Menu = Extract<Understanding, { kind: 'menu' }>;

const MOST = 4;
const WORDS_READ = 40;

/** Nothing is done; up to four commands that come close and work when pasted. `first` are better than what is found here. */
export function menu(
  vocabulary: Vocabulary,
  why: MenuReason,
  message: string,
  first: readonly Suggestion[] = [],
): Menu {
  const found = [...first, ...nearest(vocabulary, message)];
  const unique = found.filter(({ text }, at) => found.findIndex((other) => other.text === text) === at);
  return { kind: 'menu', why, nearest: unique.slice(0, MOST) };
}

const PENDING: Suggestion = { text: 'approvals', summary: 'Changes that wait for a decision' };

function nearest({ known }: Vocabulary, message: string): Suggestion[] {
  const words = tokenize(message.slice(0, 400)).slice(0, WORDS_READ);
  const said = words
    .filter(({ lower }) => lower.length > 1 && lower.length < 30 && !EMPTY.has(lower))
    .map(({ lower }) => lower);
  const ranked = known.map((one) => ({ one, near: closeness(one, said) })).sort((a, b) => b.near - a.near);
  const decides = said.some((word) => /^(?:approv|reject)/.test(word)) ? [PENDING] : [];
  const close = ranked.filter(({ near }) => near > 0);
  const found = (close.length > 0 ? close : ranked.filter(({ one }) => one.tool.effect === 'read'))
    .slice(0, MOST)
    .map(({ one }) => example(one));
  return [...decides, ...found];
}

function closeness({ concepts, tool, commands }: Known, said: readonly string[]): number {
  const own = [...concepts, ...commands.flat()];
  const shapes = new Set<string>(
    Object.values(tool.input.shape).length > 0 ? said.map((word) => shapeOf(word) ?? '') : [],
  );
  const fits =
    commands.length > 0 && [...shapes].some((shape) => shape !== '' && Object.keys(tool.input.shape).includes(shape));
  return said.reduce((sum, word) => sum + likeness(word, own), fits ? 1 : 0);
}

function likeness(word: string, own: readonly string[]): number {
  if (own.includes(word)) return 1;
  if (word.length < 4) return 0;
  return own.some((other) => other.length > 3 && editDistance(word, other, 2) <= Math.min(2, other.length >> 2))
    ? 0.6
    : 0;
}

function example({ tool }: Known): Suggestion {
  return { text: tool.examples[0] ?? tool.command, summary: tool.summary };
}
