/** One word of a text and where it stands, without the punctuation around it. */
export interface Token {
  /** Lower case; empty when the word is too long to mean anything here. */
  word: string;
  start: number;
  end: number;
}

export type WindowExpression =
  | { kind: 'last'; ms: number; label: string }
  | { kind: 'today' }
  | { kind: 'yesterday' }
  | { kind: 'since-yesterday' }
  | { kind: 'since-clock'; minutes: number; label: string }
  | { kind: 'between'; from: number; to: number; label: string };

export interface FoundWindow {
  expression: WindowExpression;
  /** The expression without the words that lead in. */
  text: string;
  /** Index of the first token after it. */
  next: number;
}

const LONGEST_WORD = 60;
const PUNCTUATION = new Set([...'.,;:!?()[]"\'“”‘’']);
const LEAD_IN = new Set(['in', 'over', 'for', 'during', 'within', 'from']);
const LAST = new Set(['last', 'past', 'previous']);

const UNITS: ReadonlyMap<string, { name: string; ms: number }> = new Map(
  [
    { name: 'second', ms: 1000, words: ['s', 'sec', 'secs', 'second', 'seconds'] },
    { name: 'minute', ms: 60_000, words: ['m', 'min', 'mins', 'minute', 'minutes'] },
    { name: 'hour', ms: 3_600_000, words: ['h', 'hr', 'hrs', 'hour', 'hours'] },
    { name: 'day', ms: 86_400_000, words: ['d', 'day', 'days'] },
    { name: 'week', ms: 604_800_000, words: ['w', 'wk', 'week', 'weeks'] },
  ].flatMap(({ name, ms, words }) => words.map((word) => [word, { name, ms }] as const)),
);

const ONE_TO_TWELVE = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...ONE_TO_TWELVE.map((word, index) => [word, index + 1] as const),
  ...([
    ['fifteen', 15],
    ['twenty', 20],
    ['thirty', 30],
    ['forty', 40],
  ] as const),
  ...([
    ['forty-five', 45],
    ['fifty', 50],
    ['sixty', 60],
    ['ninety', 90],
  ] as const),
]);

/** Splits on white space and drops punctuation around words. Linear. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: raw, index }) => {
    let [from, to] = [0, raw.length];
    while (from < to && PUNCTUATION.has(raw.charAt(from))) from++;
    while (to > from && PUNCTUATION.has(raw.charAt(to - 1))) to--;
    const word = to - from > LONGEST_WORD ? '' : raw.slice(from, to).toLowerCase();
    return { word, start: index + from, end: index + to };
  });
}

/** The window expression that starts at token `first`, if one does. Looks at most at seven tokens. */
export function readWindow(tokens: readonly Token[], first: number): FoundWindow | undefined {
  const at = afterLeadIn(tokens, first);
  const word = wordAt(tokens, at);
  const read = LAST.has(word)
    ? readAmount(tokens, at + 1, 'one')
    : (readDay(tokens, at) ?? readAmount(tokens, at, 'said'));
  if (read === undefined) return undefined;
  const text = tokens.slice(at, read.next).map((token) => token.word);
  return { ...read, text: text.join(' ') };
}

type Read = Omit<FoundWindow, 'text'> | undefined;

function wordAt(tokens: readonly Token[], index: number): string {
  return tokens[index]?.word ?? '';
}

/** 'in the last hour' → the index of 'last'. */
function afterLeadIn(tokens: readonly Token[], first: number): number {
  const lead = LEAD_IN.has(wordAt(tokens, first)) ? 1 : 0;
  const article = wordAt(tokens, first + lead) === 'the' ? 1 : 0;
  return first + lead + article;
}

/** '30 minutes', 'two hours', '15m', 'half an hour'; after 'last' also 'hour' alone, which is one. */
function readAmount(tokens: readonly Token[], at: number, without: 'one' | 'said'): Read {
  const word = wordAt(tokens, at);
  const joined = /^(\d{1,5}(?:\.\d{1,2})?)([a-z]{1,7})$/.exec(word);
  if (joined) return last(Number(joined[1]), joined[2] ?? '', at + 1);
  if (word === 'half' && wordAt(tokens, at + 1) === 'an') return last(0.5, wordAt(tokens, at + 2), at + 3);
  if (word === 'couple' && wordAt(tokens, at + 1) === 'of') return last(2, wordAt(tokens, at + 2), at + 3);
  const amount = /^\d{1,5}(\.\d{1,2})?$/.test(word) ? Number(word) : NUMBERS.get(word);
  if (amount !== undefined) return last(amount, wordAt(tokens, at + 1), at + 2);
  return without === 'one' ? last(1, word, at + 1) : undefined;
}

function last(amount: number, unitWord: string, next: number): Read {
  const unit = UNITS.get(unitWord);
  if (unit === undefined) return undefined;
  const label = amount === 1 ? unit.name : `${amount} ${unit.name}s`;
  return { expression: { kind: 'last', ms: Math.round(amount * unit.ms), label }, next };
}

/** 'today', 'yesterday', 'since yesterday', 'since 09:00', '2026-11-20T10:00Z/2026-11-20T11:00Z'. */
function readDay(tokens: readonly Token[], at: number): Read {
  const word = wordAt(tokens, at);
  if (word === 'today') return { expression: { kind: 'today' }, next: at + 1 };
  if (word === 'yesterday') return { expression: { kind: 'yesterday' }, next: at + 1 };
  if (word === 'since') return readSince(tokens, at + 1);
  return readRange(word, at + 1);
}

function readSince(tokens: readonly Token[], at: number): Read {
  const word = wordAt(tokens, at);
  const zone = ['utc', 'gmt', 'z'].includes(wordAt(tokens, at + 1)) ? 1 : 0;
  if (word === 'yesterday') return { expression: { kind: 'since-yesterday' }, next: at + 1 };
  if (word === 'today' || word === 'midnight') return { expression: { kind: 'today' }, next: at + 1 + zone };
  const minutes = minutesOfDay(word);
  if (minutes === undefined) return undefined;
  const label = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return { expression: { kind: 'since-clock', minutes, label }, next: at + 1 + zone };
}

/** '09:00', '9:30z', '9am', '9:30pm'. */
function minutesOfDay(word: string): number | undefined {
  const clock = /^(\d{1,2})(?::(\d{2}))?(z|am|pm)?$/.exec(word);
  const [hour, minute, half] = [Number(clock?.[1]), Number(clock?.[2] ?? 0), clock?.[3]];
  if (!(hour < 24 && minute < 60) || (clock?.[2] === undefined && half === undefined)) return undefined;
  if (half !== 'am' && half !== 'pm') return clock?.[2] === undefined ? undefined : hour * 60 + minute;
  if (hour < 1 || hour > 12) return undefined;
  return ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute;
}

const MOMENT = String.raw`(\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2})?z)`;
const RANGE = new RegExp(`^${MOMENT}/${MOMENT}$`);

function readRange(word: string, next: number): Read {
  const range = RANGE.exec(word);
  const [from, to] = [Date.parse(range?.[1]?.toUpperCase() ?? ''), Date.parse(range?.[2]?.toUpperCase() ?? '')];
  if (!(from < to)) return undefined;
  return { expression: { kind: 'between', from, to, label: word.toUpperCase().replace('/', ' to ') }, next };
}
