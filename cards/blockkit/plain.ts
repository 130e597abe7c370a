import { cleanText } from '../../lib/clean-text.ts';

/** Printable ASCII but for `<`: most data, and fifty times a card. */
const harmless = /^[ -;=-~]*$/;

/** Would be a mention, a broadcast, a channel or a link, if a Slack client read it as markup. */
const armed = /<(?=[!@#]|(?:https?|mailto|tel|slack):)/gi;

/**
 * Data for a place where Slack reads no markup (rich text, `plain_text`, a table cell): invisible and control characters
 * gone, length capped. Markup is taken apart all the same: clients have read mentions in `plain_text` before
 * (slackapi/node-slack-sdk issue 712).
 */
export function plain(text: string, maxLength: number, keepLines = false): string {
  if (text.length <= maxLength && harmless.test(text)) return text;
  const clean = cleanText(text, maxLength, { keepLines });
  if (!clean.includes('<')) return clean;
  return cleanText(clean.replace(armed, '< '), maxLength, { keepLines });
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack formats what such a character holds tight; a blank lets it go. Inside a word it means nothing. */
const marks = /(?<![\p{L}\p{N}])([*_~`])(?=\S)/gu;
/** Not what stands between the colons of a time. */
const emoji = /:(?=[\p{N}_'-]*[\p{L}+][\p{L}\p{N}_+'-]*:)|(?<!\p{N}):(?=\p{N}+:)/gu;
const scheme = /\b(https?|ftp|mailto|slack|tel):(?=\S)/gi;

/** Data for the one place that is markup always, the text of a notification: shown with a blank where it would format. */
export function unformatted(text: string): string {
  return escaped(text.replace(scheme, '$1: ').replace(emoji, ': ').replace(marks, '$1 ').replace(/^\s*>/, '– >'));
}

/** A quotation mark counts even when it is escaped: that is how Slack stores it. */
const meaningful = /^\s*>|[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:[^\s:]+:|:\/\//u;

/**
 * Data for a `mrkdwn` object; `undefined` when any character of it could mean something there. Slack knows no escapes
 * but these three, so such text has to go where no markup is read.
 */
export function inert(text: string): string | undefined {
  return meaningful.test(text) ? undefined : escaped(text);
}

function escaped(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, (character) => entities[character] ?? character) : text;
}
