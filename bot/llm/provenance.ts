import type { JsonObject } from '../../lib/json.ts';
import { readNumbers } from '../understand/numbers-in-text.ts';
import { tokenize } from '../understand/tokens.ts';

/** Where the values of a call may come from, from the best ground to the weakest. */
export interface Grounds {
  /** What the person wrote or pressed this time. */
  saidNow: string;
  /** What people wrote in this conversation before. */
  saidBefore: readonly string[];
  /** What tools gave, this time and before. */
  read: readonly { source: string; text: string }[];
}

/** Explains the call and names no target. */
const NO_TARGET = new Set(['reason']);

/**
 * What whoever approves a change must know of its target: each value of the call that the person did not write this time, and where
 * it is from (L3). A value that stands in data only may have been put there by somebody.
 */
export function cautions(input: JsonObject, grounds: Grounds): string[] {
  return Object.entries(input).flatMap(([field, value]) => {
    if (NO_TARGET.has(field)) return [];
    const values = [value].flat().filter((one) => typeof one === 'string' || typeof one === 'number');
    return values.flatMap((one) => cautionFor(field, String(one), grounds) ?? []);
  });
}

/** Whether a text holds the value as a word of its own, or as a number in words. */
export function says(text: string, value: string): boolean {
  return (
    holds(text, value) ||
    (/^\d+$/.test(value) && readNumbers(tokenize(text)).some((one) => one.value === Number(value)))
  );
}

function cautionFor(field: string, value: string, { saidNow, saidBefore, read }: Grounds): string | undefined {
  if (says(saidNow, value)) return undefined;
  const what = `${field} ${value.slice(0, 120)}`;
  if (saidBefore.some((text) => says(text, value)))
    return `${what} was named earlier in this conversation, not in the last message.`;
  const found = read.find(({ text }) => holds(text, value));
  if (found)
    return `${what} comes from data (${found.source}), not from anything a person wrote. Check that it is the one that is meant.`;
  return `${what} was chosen by the model: nobody wrote it, and nothing that was read shows it.`;
}

/** i-0abc does not stand in i-0abcd, main not in main-db, 4 not in 40. */
function holds(text: string, value: string): boolean {
  const [where, what] = [text.toLowerCase(), value.toLowerCase()];
  if (what === '') return false;
  for (let at = where.indexOf(what); at !== -1; at = where.indexOf(what, at + 1)) {
    if (!isPartOfWord(where[at - 1]) && !isPartOfWord(where[at + what.length])) return true;
  }
  return false;
}

const isPartOfWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_-]/u.test(character);
