import type { ModelRequest } from '../../../bot/llm/model.ts';
import { type Injection, injections } from '../../bot/llm/injections.ts';

/** The texts a model was told: every string and every name inside the data, and what stands around it. `since` leaves out older messages. */
export function textsTold({ messages }: ModelRequest, since = 0): string[] {
  const said = messages.slice(since).flatMap((message) => (message.role === 'user' ? message.content : []));
  return said.flatMap(({ text }) => [text, ...text.split('\n').flatMap(dataIn)]);
}

function dataIn(text: string): string[] {
  const json = /^<tool_data[^>]*>(.*)<\/tool_data>$/.exec(text)?.[1] ?? text;
  try {
    return stringsIn(JSON.parse(json) as unknown);
  } catch {
    // Words, not data: they are told as they are.
    return [];
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...stringsIn(inner)]);
}

/** The order without its disguise: what a model that sees through it has read. */
export function orderIn({ name, text }: Injection): string {
  const number = /, order (\d+)$/.exec(name)?.[1];
  return injections.find((one) => one.name === `plain, order ${number}`)?.text ?? text;
}

/** A model needs no whole sentence: the first part of an order is enough. */
const ENOUGH = 0.6;

/** Whether the order can be made out of the texts, in any of the disguises that the corpus wears. */
export function makesOut(texts: readonly string[], order: string): boolean {
  const letters = lettersOf(order);
  const wanted = letters.slice(0, Math.ceil(letters.length * ENOUGH));
  return [...texts, ...joined(texts)].some((text) =>
    readings(text).some((reading) => lettersOf(reading).includes(wanted)),
  );
}

const readings = (text: string): string[] => [
  text,
  [...text].reverse().join(''),
  turned(text),
  ...decoders.flatMap(([sign, decode]) => (sign.test(text) ? [decode(text)] : [])),
];

/** Half an order in one field, half in another. */
function joined(texts: readonly string[]): string[] {
  const half = (place: number) => texts.filter((text) => text.includes(`(${place} of 2,`));
  const bare = (text: string) => text.replace(/^.*?\(\d of 2,[^)]*\) ?/s, '');
  return half(1).flatMap((first) => half(2).map((second) => bare(first) + bare(second)));
}

const codePoint = (digits: string, radix: number): string => String.fromCodePoint(Number.parseInt(digits, radix));

const decoders: readonly (readonly [sign: RegExp, decode: (text: string) => string])[] = [
  [/[A-Za-z0-9+/]{24}/, (text) => pieces(text, /[A-Za-z0-9+/]{24,}=*/g, 'base64')],
  [/[0-9a-f]{24}/i, (text) => pieces(text, /[0-9a-f]{24,}/gi, 'hex')],
  [/%[0-9a-f]{2}/i, (text) => text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => codePoint(digits, 16))],
  [/\\u[0-9a-f]{4}/i, (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) => codePoint(digits, 16))],
  [/&#\d+;/, (text) => text.replace(/&#(\d{1,6});/g, (_, digits: string) => codePoint(digits, 10))],
  [/[\u{e0020}-\u{e007e}]/u, (text) => text.replace(/[\u{e0020}-\u{e007e}]/gu, untagged)],
];

const untagged = (letter: string): string => String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0xe0000);

const pieces = (text: string, pattern: RegExp, encoding: 'base64' | 'hex'): string =>
  (text.match(pattern) ?? []).map((piece) => Buffer.from(piece, encoding).toString('utf8')).join(' ');

const turned = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const first = letter < 'a' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });

const LOOKALIKES: Readonly<Record<string, string>> = { а: 'a', е: 'e', о: 'o', с: 'c', р: 'p' };

/** Letters and digits only, look-alikes as what they look like. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[аеоср]/g, (letter) => LOOKALIKES[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '');
}
