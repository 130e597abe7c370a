import type { Json } from '../../lib/json.ts';
import { shapeOf } from './entities.ts';
import { blankOut, type Span } from './spans.ts';

/** Why a change must not be made of a sentence. */
export type Stop =
  | { why: 'negation' }
  | { why: 'hypothetical' }
  /** Not now: 'tomorrow', 'in 10 minutes', 'at 5pm'. */
  | { why: 'schedule'; words: string }
  /** More than one: 'all', 'both', 'everything'. */
  | { why: 'many'; words: string }
  /** Characters that cannot be seen. */
  | { why: 'hidden' };

const HIDDEN =
  /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

const NEGATION = phrases(
  "don't dont doesn't not never no nope nobody nothing without avoid cannot can't cant won't wont shouldn't shouldnt isn't " +
    "mustn't wouldn't couldn't didn't didnt stop abort undo cancel refrain instead except neither nor nah wait hold skip",
  ['rather than', 'other than', 'anything but', 'but not'],
);
const HYPOTHETICAL = phrases(
  'if should would whether suppose supposing assuming imagine why who whose might may could did does was were has had have been ' +
    'said says told wrote asked thinks thinking think wonder wondering considering safe ok help helps risk risky happen happens ' +
    "when once until till unless while before how what what's what'd which explain describe impact consequence consequences " +
    'pretend example hypothetically maybe perhaps possibly probably ignore disregard previous instructions system prompt ' +
    'provided afterwards supposed allowed able',
  [
    'in case',
    'only if',
    'as soon as',
    'can i',
    'can we',
    'could i',
    'could we',
    'am i',
    'are we',
    'do i',
    'do we',
    'going to',
    'about to',
  ],
);
const SCHEDULE = phrases(
  'tomorrow tonight later afterwards after midnight noon daily weekly nightly hourly monthly monday tuesday wednesday thursday friday ' +
    'saturday sunday weekend soon eventually yesterday today morning evening afternoon every',
  ['next week', 'next month', 'next time', 'at night', 'this weekend'],
);
const MANY = phrases(
  'all both everything every each everyone any anything whichever them these those whole entire fleet they others',
);

/** Times that are not now: '5pm', '17:00', 'in 10 minutes'. */
const CLOCK =
  /\b(?:\d{1,2}(?::\d{2})?\s?(?:am|pm)|\d{1,2}:\d{2}|(?:in|after|every)\s(?:a|an|\d{1,5}|\w{3,9})\s?(?:s|m|h|d|sec|min|hr|hour|minute|second|day|week|month|year)s?)\b/;

interface Phrases {
  words: ReadonlySet<string>;
  pairs: readonly string[];
}

function phrases(words: string, pairs: readonly string[] = []): Phrases {
  return { words: new Set(words.split(' ')), pairs };
}

/**
 * The reason not to make a change of this sentence, if there is one. `free` are the parts that only carry text
 * (quotations, a record's summary). `polite`: it began with 'could you', so its question mark asks for the thing.
 */
export function stopFor(message: string, free: readonly Span[], polite: boolean): Stop | undefined {
  const bare = blankOut(message, free);
  if (HIDDEN.test(bare)) return { why: 'hidden' };
  const text = plain(bare);
  if (found(text, NEGATION)) return { why: 'negation' };
  if (!polite && asks(bare, message)) return { why: 'hypothetical' };
  if (found(text, HYPOTHETICAL)) return { why: 'hypothetical' };
  const when = found(text, SCHEDULE) ?? CLOCK.exec(text)?.[0];
  if (when) return { why: 'schedule', words: when };
  const many = found(text, MANY);
  return many ? { why: 'many', words: many } : undefined;
}

/** A question mark at the end of a word, also of an id; the one inside a link asks nothing. */
function asks(bare: string, message: string): boolean {
  return /\?(?:\s|$)/.test(bare) || /\?[\s?!.)]{0,10}$/.test(message);
}

const JOKES = new Set(['jk', 'lol', 'kidding', 'joking', 'haha', 'maybe', 'perhaps', 'later']);

const TAIL = phrases('tomorrow tonight later unless', [
  'only if',
  "but don't",
  'but do not',
  'but not',
  'but only',
  'but never',
  'but wait',
  'not yet',
  'no wait',
  'never mind',
  'scratch that',
  'forget it',
  'on second thought',
]);

/** What makes an unquoted reason more than a reason: '… because it hangs, but only tomorrow', '… because i-<another> is down'. */
export function doubtInReason(reason: string, targets: readonly Json[]): string | undefined {
  const other = reason.split(/[\s,;.]+/).find((word) => shapeOf(word) === 'instance_id' && !targets.includes(word));
  const words = plain(reason).trim().split(' ');
  const last = words.at(-1) ?? '';
  return found(plain(reason), TAIL) ?? other ?? (NEGATION.words.has(last) || JOKES.has(last) ? last : undefined);
}

/** A word that on its own would keep a sentence from changing anything. */
export function isDoubtWord(word: string): boolean {
  return [NEGATION, HYPOTHETICAL, SCHEDULE, MANY].some(({ words }) => words.has(word));
}

const REFUSAL = ["don't", 'dont', 'do not', 'never', 'no need', 'stop', "please don't", 'please do not'];

/** 'don't show …': a refusal even of a read. */
export function isRefusal(message: string): boolean {
  const text = plain(message).slice(0, 200).trimStart();
  return REFUSAL.some((words) => text.startsWith(`${words} `));
}

const UNKNOWN_ORDERS = new Set(
  'terminate delete destroy kill wipe drop purge erase remove nuke detach deregister revoke disable uninstall truncate format'.split(
    ' ',
  ),
);

/** 'terminate …': an order that no tool carries out. A list would look as if it had been. */
export function isUnknownOrder(message: string): boolean {
  const [, first = ''] = plain(message).split(' ');
  return UNKNOWN_ORDERS.has(first);
}

function plain(message: string): string {
  const text = message.toLowerCase().replace(/[’‘]/g, "'");
  return ` ${text.replace(/[\s,.;!?()"“”]{1,50}/g, ' ')} `;
}

function found(text: string, { words, pairs }: Phrases): string | undefined {
  return text.split(' ').find((word) => words.has(word)) ?? pairs.find((pair) => text.includes(` ${pair} `));
}
