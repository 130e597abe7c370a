import type {
  ContextBlock,
  MrkdwnElement,
  PlainTextElement,
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextList,
  RichTextSection,
  RichTextText,
} from '@slack/types';
import { limits } from './limits.ts';

/** One line of rich text; Slack has no element for it, a break is a character of the text. */
export type Line = RichTextElement[];

const bold = { bold: true } as const;
const code = { code: true } as const;
const newline: RichTextText = { type: 'text', text: '\n' };

export const rich = {
  text: (text: string): RichTextText => ({ type: 'text', text }),
  bold: (text: string): RichTextText => ({ type: 'text', text, style: bold }),
  code: (text: string): RichTextText => ({ type: 'text', text, style: code }),
};

/** Nothing for no lines: Slack refuses an empty block. */
export function richBlock(...elements: RichTextBlockElement[]): RichTextBlock[] {
  const full = elements.filter((element) => element.elements.length > 0);
  return full.length > 0 ? [{ type: 'rich_text', elements: full }] : [];
}

export function section(lines: readonly Line[]): RichTextSection {
  const elements: RichTextElement[] = [];
  for (const line of lines) {
    if (elements.length > 0) elements.push(newline);
    elements.push(...line);
  }
  return { type: 'rich_text_section', elements };
}

/** One bullet an entry, each of any number of lines. */
export function bullets(entries: readonly Line[][]): RichTextList {
  return { type: 'rich_text_list', style: 'bullet', elements: entries.map(section) };
}

/** A text of any length as elements that are short enough. */
export function pieces(text: string): Line {
  const line: Line = [];
  let rest = text;
  while (rest.length > limits.text) {
    const cut = rest.slice(0, limits.text);
    const head = cut.isWellFormed() ? cut : cut.slice(0, -1);
    line.push(rich.text(head));
    rest = rest.slice(head.length);
  }
  if (rest !== '') line.push(rich.text(rest));
  return line;
}

export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** Markup of ours, with data only as `inert` gives it: names and addresses in it stay text. */
export function markup(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** Small and grey. */
export function context(elements: ContextBlock['elements']): ContextBlock[] {
  return elements.length > 0 ? [{ type: 'context', elements: elements.slice(0, limits.contextElements) }] : [];
}
