import { cleanText } from '../../lib/clean-text.ts';
import { redact } from '../../lib/redact.ts';

type Rule = readonly [pattern: RegExp, replacement: string];

const link = '(link removed)';
const image = '(image removed)';

/** In parentheses, with one pair inside at most. */
const target = String.raw`\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)`;
const inAddress = '[^\\s<>"`|]';
/** What follows in an address: a redacted piece whole, but not the punctuation of the sentence around it. */
const rest = '(?:(?:[^\\s<>"`|[]|\\[(?:redacted [\\w ]{1,30}\\])?)+(?<![).,;:!?\'*_}]))?';
const notInWord = String.raw`(?<![\p{L}\p{N}_.-])`;

/** All linear: where one repetition without bound ends, the next cannot take the same characters in another way. */
const rules: readonly Rule[] = [
  // <https://example.com|words>, and what Slack reads as a mention.
  [/<[^<>|\s][^<>|]*\|([^<>]*)>/g, '$1'],
  [/<(?:[@#]|!(?=[a-z]))[^<>]*>/gi, '(mention removed)'],
  // An e-mail address and a placeholder such as <instance-id> are words.
  [/<([^\s<>@:/]+@[^\s<>@:/]+)>/g, '$1'],
  [/<([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+)>/gi, '$1'],
  [/<(?![/!?])[^\s<>:.]*[:.][^\s<>]*>/g, link],
  [/<img\b[^<>]*>/gi, image],
  [/<[a-z/!?][^<>]*>/gi, ''],
  [/<(?=[a-z/!?@#])/gi, '< '],
  // Markdown.
  [new RegExp(String.raw`!\[[^[\]]*\](?:${target}|\[[^[\]]*\])?`, 'g'), image],
  [new RegExp(String.raw`\[([^[\]]*)\]${target}`, 'g'), '$1'],
  [new RegExp(String.raw`\]${target}`, 'g'), ']'],
  [/\]\(/g, '] ('],
  [/(?<!\w)\[([^[\]]*)\]\[[^[\]]*\]/g, '$1'],
  // Addresses as they are: of any scheme, of schemes that need no slashes (HTTPS:443 is a listener), without a scheme.
  [new RegExp(String.raw`(?<![\p{L}\p{N}+._-])[\p{L}\p{N}+._-]*:[/\\]{2}${rest}`, 'gu'), link],
  [new RegExp(String.raw`${notInWord}(?:https?|ftp|wss?):(?!\d)(?=${inAddress})${rest}`, 'giu'), link],
  [new RegExp(`${notInWord}(?<!:)(?:data|mailto|tel|sms):(?=${inAddress})${rest}`, 'giu'), link],
  [new RegExp(String.raw`(?:java|vb)script[^\S\n]{0,9}:${rest}`, 'gi'), link],
  [new RegExp(String.raw`${notInWord}www\d{0,2}\.(?=${inAddress})${rest}`, 'giu'), link],
  [new RegExp(String.raw`(?<![\p{L}\p{N}_.:/\\-])[/\\]{2,}(?=[\p{L}\p{N}[])${rest}`, 'gu'), link],
  // 10.0.0.0/16 is a range, 10.0.0.1/16/x an address.
  [
    new RegExp(
      String.raw`${notInWord}((?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:[/\\](?!\d{1,2}(?![\w/\\?#%&=]|\.\w|-(?!\d)))(?=${inAddress})|\?(?=\w))${rest}`,
      'gu',
    ),
    `$1 ${link}`,
  ],
  [
    new RegExp(
      String.raw`(?<![\p{L}\p{N}_./-])((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?::\d{1,5})?(?:/[^\s<>"|?]{0,400})?\?(?=[\w%])${rest}`,
      'gu',
    ),
    `$1 ${link}`,
  ],
];

const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  lpar: '(',
  rpar: ')',
  lsqb: '[',
  rsqb: ']',
};
const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;

const ROUNDS = 8;
const leftOut = 'The text of the model was left out: too much in it is made to look like something else.';

/**
 * A model's words, made safe to show (C4): no invisible characters, secrets, images, HTML, or addresses of any scheme; of a link its words
 * stay. At most `maxLength` UTF-16 units. The result is its own result: what a removal puts together is looked at again, and a text that
 * is still not done after eight rounds is left out whole.
 */
export function safeModelText(text: string, maxLength: number): string {
  let safe = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = safe;
    safe = simpler(before, maxLength);
    if (safe === before) return safe;
  }
  return cleanText(leftOut, maxLength);
}

function simpler(text: string, maxLength: number): string {
  let safe = redact(cleanText(text, text.length, { keepLines: true })).replace(reference, characterOf);
  for (const [pattern, replacement] of rules) safe = safe.replace(pattern, replacement);
  return cleanText(safe, maxLength, { keepLines: true });
}

/** Markup hides behind character references; an unknown name is left as it is. */
function characterOf(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return named[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
