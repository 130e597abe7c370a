import { wholeNumber } from './fields.ts';
import { isRelative, numberWord, twoWordNumber } from './number-words.ts';
import type { Span } from './spans.ts';
import type { Token } from './tokens.ts';

/** A number in a sentence; `vague` when one is meant and not said: 'by two', 'a couple'. */
interface Count extends Span {
  kind: 'count';
  value: string | number;
  vague?: true;
}

/** Counts in digits or words, and the words that speak of a number without saying it. */
export function readNumbers(words: readonly Token[]): Count[] {
  const found: Count[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at], words[at + 1]];
    if (word === undefined || word.quoted) continue;
    const double = next && twoWordNumber(word.lower, next.lower);
    if (next && double !== undefined) at++;
    const end = next && double !== undefined ? next.end : word.end;
    const value = double ?? countOf(word);
    if (value !== undefined) found.push({ kind: 'count', value, start: word.start, end, ...vagueness(word) });
  }
  return found;
}

/** A number, or what looks like one and is none ('1e9', '4k', '2.5'), as written. */
function countOf({ text, lower }: Token): number | string | undefined {
  if (isRelative(lower)) return text;
  if (/^[+-]?\.?\d/.test(text)) return wholeNumber(text) ?? text;
  if (/^(?:infinity|nan|∞)$/.test(lower)) return text;
  return /^(?:minus|negative)$/.test(lower) ? text : numberWord(lower);
}

function vagueness({ lower }: Token): { vague?: true } {
  return isRelative(lower) ? { vague: true } : {};
}
