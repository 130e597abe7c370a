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
  const found = [...first, ...nearest(vocabulary, why, message)];
  const unique = found.filter(({ text }, at) => found.findIndex((other) => other.text === text) === at);
  return { kind: 'menu', why, nearest: unique.slice(0, MOST) };
}

const PENDING: Suggestion = { text: 'approvals', summary: 'Changes that wait for a decision' };

function nearest({ known }: Vocabulary, why: MenuReason, message: string): Suggestion[] {
  const words = tokenize(message.slice(0, 400)).slice(0, WORDS_READ);
  const said = words
    .filter(({ lower }) => lower.length > 1 && lower.length < 30 && !EMPTY.has(lower))
    .map(({ lower }) => lower);
  const ranked = known.map((one) => ({ one, near: closeness(one, said) })).sort((a, b) => b.near - a.near);
  const decides = said.some((word) => /^(?:approv|reject)/.test(word)) ? [PENDING] : [];
  // Who has just said no to a change is not offered one.
  const close = ranked.filter(({ near, one }) => near > 0 && (why !== 'negation' || one.tool.effect === 'read'));
  const found = (close.length > 0 ? close : ranked.filter(isFirstStep)).slice(0, MOST).map(({ one }) => example(one));
  return [...decides, ...found];
}

/** A read that needs no id: what somebody who knows nothing yet can begin with. */
function isFirstStep({ one: { tool, fields } }: { one: Known }): boolean {
  return tool.effect === 'read' && fields.every(({ required }) => !required);
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

/** A change is never suggested on an example's target: nobody named it, and a press would propose it. */
export function example({ tool }: Known): Suggestion {
  const text = tool.effect === 'write' ? `help ${tool.command}` : (tool.examples[0] ?? tool.command);
  return { text, summary: tool.summary };
}
