import type { RawTextElement, RichTextBlock, RichTextElement } from '@slack/types';
import type { Cell, Field } from '../view.ts';
import { statusGlyph } from '../wording.ts';
import { bareMoment, moment } from './moment.ts';
import type { Page } from './page.ts';
import { type Line, rich, section } from './rich.ts';

const maxLabel = 60;

/** Keeps a glyph and its word together. */
const noBreak = '\u00a0';

export function fieldLine({ label, value }: Field, page: Page): Line {
  return [rich.bold(page.text(label, maxLabel)), rich.text('  '), inlineCell(value, page)];
}

export function inlineCell(cell: Cell, page: Page): RichTextElement {
  return isMoment(cell) ? moment(cell.at) : rich.text(cellText(cell, page));
}

export function tableCell(cell: Cell, page: Page): RawTextElement | RichTextBlock {
  if (isMoment(cell)) return { type: 'rich_text', elements: [section([[bareMoment(cell.at)]])] };
  return { type: 'raw_text', text: cellText(cell, page) };
}

export function isMoment(cell: Cell | undefined): cell is { at: string } {
  return typeof cell === 'object' && 'at' in cell;
}

export function cellText(cell: Exclude<Cell, { at: string }>, page: Page): string {
  if (typeof cell === 'string') return page.text(cell);
  return `${statusGlyph[cell.status]}${noBreak}${page.text(cell.text)}`;
}
