import { namesChange } from './change-verbs.ts';
import { plainWord, type Reading } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';

const PAST = new Set([
  'who',
  'whodunit',
  'someone',
  'anyone',
  'anybody',
  'somebody',
  'did',
  'was',
  'were',
  'has',
  'have',
  'had',
]);

const CONDITION = new Set(['if', 'unless', 'why', 'should', 'would', 'until', 'before', 'once']);

/** 'who rebooted …', 'did someone scale …', 'was … restarted': asks about the past, so nothing is to be changed. */
export function isHistory({ words }: Reading): boolean {
  const said = words.map(plainWord);
  return said.some((word) => PAST.has(word)) && !said.some((word) => CONDITION.has(word));
}

/** A question about a past change means the event search, whatever word it uses for 'who'. */
export function withHistory(vocabulary: Vocabulary, reading: Reading): Reading {
  const asked = isHistory(reading) ? reading.words.find((word) => PAST.has(plainWord(word))) : undefined;
  const changed = namesChange(vocabulary, reading);
  if (asked === undefined || !changed || reading.meanings.get(asked)?.concepts.includes('who')) return reading;
  return { ...reading, meanings: new Map([...reading.meanings, [asked, { concepts: ['who'], inflection: 'base' }]]) };
}
