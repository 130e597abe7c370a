import { createKeep } from '../../lib/keep.ts';

/** One word, quoted text or `key=value` of a message, and where it stands. */
export interface Token {
  /** What was written, without quotes, key and the punctuation that ends a word. */
  text: string;
  lower: string;
  start: number;
  end: number;
  quoted: boolean;
  /** `reason` of `reason="…"`; `--key value` sets it with an empty text. */
  key?: string;
  /** The punctuation that followed: ':' in 'incident: web is down'. */
  tail: string;
  /** A quotation mark was opened and never closed. */
  unclosed?: true;
}

const DOUBLE = '"“”„«»';
const ESCAPED = `${DOUBLE}\\`;
const ENDING = '.,;:!?)]';
const BLANK = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const KEYED = /^(?:--?|[—–])?([A-Za-z][A-Za-z_-]{0,40})=/;
const FLAG = /^(?:--|[—–])([A-Za-z][A-Za-z_-]{0,40})$/;

interface Quote {
  text: string;
  end: number;
  unclosed?: true;
}

/** One turn's words are asked for by each step of understanding it. */
const recent = createKeep<readonly Token[]>(8);

/** Splits a message, left to right; every character belongs to at most one token. Linear. */
export function tokenize(message: string): readonly Token[] {
  const known = recent.get(message);
  if (known) return known;
  const tokens = split(message);
  recent.set(message, tokens);
  return tokens;
}

function split(message: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < message.length) {
    if (isBlank(message, at)) {
      at++;
      continue;
    }
    const token = tokenAt(message, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function isBlank(message: string, at: number): boolean {
  const code = message.charCodeAt(at);
  return code > 32 && code < 128 ? false : BLANK.test(message.charAt(at));
}

function tokenAt(message: string, start: number): Token {
  const quote = quoteAt(message, start);
  if (quote) return quotedToken(quote, start);
  let end = start;
  while (end < message.length && !isBlank(message, end)) {
    const keyed = message.charAt(end) === '=' ? KEYED.exec(message.slice(start, end + 1)) : null;
    const value = keyed ? quoteAt(message, end + 1) : undefined;
    if (value) return { ...quotedToken(value, start), key: keyed?.[1] };
    end++;
  }
  return wordToken(message.slice(start, end), start);
}

function quotedToken({ text, end, unclosed }: Quote, start: number): Token {
  return { text, lower: text.toLowerCase(), start, end, quoted: true, tail: '', ...(unclosed && { unclosed }) };
}

function wordToken(raw: string, start: number): Token {
  const flag = FLAG.exec(raw)?.[1];
  const keyed = KEYED.exec(raw);
  const value = flag === undefined ? raw.slice(keyed?.[0].length ?? 0) : '';
  const text = withoutPunctuation(value);
  const tail = value.slice(value.lastIndexOf(text) + text.length);
  const key = flag ?? keyed?.[1];
  return { text, lower: text.toLowerCase(), start, end: start + raw.length, quoted: false, tail, ...(key && { key }) };
}

/** '(i-0abc),' → 'i-0abc'. Two dots stay: 'i-0a1b2c3d...' is an id cut short, not an id. */
function withoutPunctuation(raw: string): string {
  let [from, to] = [0, raw.length];
  while (from < to && '(['.includes(raw.charAt(from))) from++;
  while (to > from && ENDING.includes(raw.charAt(to - 1)) && raw.slice(to - 2, to) !== '..') to--;
  const text = raw.slice(from, to);
  const bold = text.length > 2 && text.startsWith('*') && text.endsWith('*');
  return bold ? text.slice(1, -1) : text || raw;
}

function quoteAt(message: string, start: number): Quote | undefined {
  const opening = message.charAt(start);
  if (opening !== '' && DOUBLE.includes(opening)) return doubleQuote(message, start + 1);
  if (opening === '`') return closedBy(message, start, '`', () => true);
  if (opening === "'" || opening === '‘') return closedBy(message, start, opening === "'" ? "'" : '’', endsWord);
  return undefined;
}

/** An escaped quotation mark and `\\` stand for themselves; any other backslash is text. Without an end the rest of the message is inside. */
function doubleQuote(message: string, from: number): Quote {
  let text = '';
  for (let at = from; at < message.length; at++) {
    const char = message.charAt(at);
    if (DOUBLE.includes(char)) return { text, end: at + 1 };
    if (char === '\\' && ESCAPED.includes(message.charAt(at + 1) || 'x')) at++;
    text += message.charAt(at);
  }
  return { text, end: message.length, unclosed: true };
}

function closedBy(message: string, start: number, mark: string, fits: (message: string, at: number) => boolean) {
  let at = message.indexOf(mark, start + 1);
  while (at !== -1 && !fits(message, at)) at = message.indexOf(mark, at + 1);
  return at > start + 1 ? { text: message.slice(start + 1, at), end: at + 1 } : undefined;
}

/** The apostrophe of "don't" does not end a quotation. */
function endsWord(message: string, at: number): boolean {
  const next = message.charAt(at + 1);
  return next === '' || BLANK.test(next) || ENDING.includes(next);
}
