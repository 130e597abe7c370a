import { cleanText } from '../../lib/clean-text.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { redact, redactJson } from '../../lib/redact.ts';

interface About {
  /** How the model cites it: 'r1'. */
  id: string;
  tool: string;
  failed: boolean;
}

/** How much is told. What is too long at one level is told again at the next. */
interface Level {
  items: number;
  members: number;
  /** UTF-16 units of a text or a name. */
  text: number;
}

const LEVELS: readonly Level[] = [
  { items: 100, members: 100, text: 500 },
  { items: 50, members: 100, text: 500 },
  { items: 50, members: 100, text: 200 },
  { items: 25, members: 50, text: 200 },
  { items: 12, members: 50, text: 200 },
  { items: 6, members: 50, text: 100 },
  { items: 3, members: 20, text: 60 },
];
const LONGEST = 16_000;
const DEEPEST = 8;

/**
 * The signs of a mark, of a character reference, and what a reader could take for them. In JSON they stand inside strings only, where
 * an escape means the same.
 */
export const MARK_SIGNS =
  /[<>&\u02c2\u02c3\u1438\u1433\u2039\u203a\u2329\u232a\u27e8\u27e9\u3008\u3009\ufe64\ufe65\uff1c\uff1e]/g;

/** What was left out, in words; empty when nothing was. */
interface Told {
  value: Json;
  leftOut: ReadonlySet<string>;
}

const TOO_LONG: Told = {
  value: null,
  leftOut: new Set([`all of it, because it is over ${LONGEST} characters; ask for less`]),
};

/** The same limits and the same cleaning as `toData`, for whoever needs the value instead of a text. */
export function toToldJson(value: Json): Told {
  return firstThatFits(value, ({ value: fit }) => JSON.stringify(fit).length);
}

/**
 * What a tool gave, as text for the model: JSON in one `tool_data` element that nothing inside can close or forge (L3). Invisible
 * characters and secrets are gone (A5). At most 16,000 UTF-16 units, 500 a text, 100 a list, 8 levels deep; what was left out is said in the
 * attribute `left_out`, and where it is missing. A text of several lines is told as the list of its lines.
 */
export function toData(value: Json, about: About): string {
  return marked(
    firstThatFits(value, (told) => marked(told, about).length),
    about,
  );
}

function firstThatFits(value: Json, length: (told: Told) => number): Told {
  const clean = redactJson(cleaned(typeof value === 'string' ? lines(value) : value, 0));
  for (const level of LEVELS) {
    const leftOut = new Set<string>();
    const told = { value: fitted(clean, 0, level, leftOut), leftOut };
    if (length(told) <= LONGEST) return told;
  }
  return TOO_LONG;
}

function marked({ value, leftOut }: Told, { id, tool, failed }: About): string {
  const json = JSON.stringify(value).replace(MARK_SIGNS, escaped);
  const note = leftOut.size > 0 ? ` left_out="${[...leftOut].join('; ')}"` : '';
  return `<tool_data id="${word(id)}" tool="${word(tool)}" status="${failed ? 'failed' : 'ok'}"${note}>${json}</tool_data>`;
}

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A model may call a tool that does not exist, by any name. */
const word = (text: string): string =>
  withoutSecrets(text)
    .replace(/[^\w.-]+/g, '_')
    .slice(0, 64);

/** Cleaned first: an invisible character in the middle would hide a secret. */
const withoutSecrets = (text: string): string => redact(cleanText(text, text.length));

/** Redacted as a whole: a key may go over many lines. */
function lines(text: string): Json {
  const all = redact(cleanText(text, text.length, { keepLines: true })).split('\n');
  return all.length === 1 ? text : all;
}

function cleaned(value: Json, depth: number): Json {
  if (typeof value === 'string') return cleanText(value, value.length);
  if (typeof value !== 'object' || value === null) return value;
  // Too deep to be told, whatever it holds.
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  return named(Object.entries(value).map(([name, item]) => [withoutSecrets(name), cleaned(item, depth + 1)]));
}

function fitted(value: Json, depth: number, level: Level, leftOut: Set<string>): Json {
  if (typeof value === 'string') return cut(value, level, leftOut);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) {
    leftOut.add(`what is nested over ${DEEPEST} deep`);
    return '…';
  }
  const fit = (item: Json): Json => fitted(item, depth + 1, level, leftOut);
  if (Array.isArray(value)) {
    const more = value.length - level.items;
    if (more > 0) leftOut.add(`items of lists after ${level.items}`);
    return [...value.slice(0, level.items).map(fit), ...(more > 0 ? [`… ${more} more left out`] : [])];
  }
  const members = Object.entries(value);
  const more = members.length - level.members;
  if (more > 0) leftOut.add(`members of objects after ${level.members}`);
  const told = members.slice(0, level.members).map(([name, item]): Member => [cut(name, level, leftOut), fit(item)]);
  return named(more > 0 ? [...told, ['…', `${more} more left out`]] : told);
}

function cut(text: string, level: Level, leftOut: Set<string>): string {
  if (text.length > level.text) leftOut.add(`text after ${level.text} characters`);
  return cleanText(text, level.text);
}

type Member = [name: string, value: Json];

/** Names that became the same stay two members. The number stands in front: the end of a name says whether it names a secret. */
function named(members: readonly Member[]): JsonObject {
  const used = new Map<string, number>();
  return Object.fromEntries(
    members.map(([name, value]) => {
      let distinct = name;
      let count = used.get(name) ?? 0;
      while (used.has(distinct)) {
        count += 1;
        distinct = `(${count + 1}) ${name}`;
      }
      used.set(name, count);
      used.set(distinct, used.get(distinct) ?? 0);
      return [distinct, value];
    }),
  );
}
