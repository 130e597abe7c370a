import type { Block, ContextBlock, HeaderBlock, RichTextBlock, TextObject } from '@slack/types';
import { isSafeLink } from '../safe-link.ts';
import type { Source, View } from '../view.ts';
import { accountWords, modeWords, standing, statusGlyph, writtenByAi } from '../wording.ts';
import { limits } from './limits.ts';
import { momentMarkup } from './moment.ts';
import type { Page } from './page.ts';
import { context, markup, plainText, rich, richBlock, section } from './rich.ts';

/** The title; of a change, where it stands, and then what it is. */
export function headBlocks(view: View, page: Page): Block[] {
  if (view.kind !== 'approval') {
    const glyph = view.status ? `${statusGlyph[view.status]} ` : '';
    return title(glyph + page.text(view.title));
  }
  const { status, words } = standing(view);
  const kicker = rich.bold(`${statusGlyph[status]} ${page.text(words)}`);
  return [...richBlock(section([[kicker]])), ...title(page.text(view.action))];
}

function title(text: string): (HeaderBlock | RichTextBlock)[] {
  if (text.length > limits.header) return richBlock(section([[rich.bold(text)]]));
  return [{ type: 'header', text: plainText(text) }];
}

/** Made last: it tells what the rest had to leave out. */
export function footBlocks(view: View, page: Page, consoleUrl: string | undefined): Block[] {
  const smallPrint = [...noteBlock(view, page), ...stampBlock(view, page)];
  return [...omittedBlock(view, page, consoleUrl), ...smallPrint];
}

function omittedBlock(view: View, page: Page, consoleUrl: string | undefined): RichTextBlock[] {
  const omitted = page.omitted();
  if (omitted.length === 0) return [];
  const url = consoleUrl ? consoleLink(view, consoleUrl) : '';
  const link = isSafeLink(url) ? [rich.text(' '), { type: 'link' as const, url, text: 'Open in console' }] : [];
  return richBlock(section([[rich.bold('! '), rich.text(omitted.join(' ')), ...link]]));
}

function consoleLink(view: View, consoleUrl: string): string {
  if (view.kind !== 'approval') return consoleUrl;
  const tab = view.state === 'pending' ? '' : '?tab=decided';
  return `${consoleUrl}/#/approvals/${encodeURIComponent(view.approvalId)}${tab}`;
}

function noteBlock({ aiWritten, note }: View, page: Page): ContextBlock[] {
  const lines = [...(aiWritten ? [writtenByAi] : []), ...(note ? [page.text(note)] : [])];
  return context(lines.map(plainText));
}

function stampBlock(view: View, page: Page): ContextBlock[] {
  const { source, correlationId } = view;
  const place = source && view.kind !== 'approval' ? [plainText(page.text(placeWords(source)))] : [];
  const read = source ? [readElement(source.at, page)] : [];
  const id = correlationId ? [plainText(`id ${page.text(correlationId, 64)}`)] : [];
  return context([...place, ...read, ...id]);
}

function readElement(at: string, page: Page): TextObject {
  const moment = momentMarkup(at);
  return moment ? markup(`Read ${moment}`) : plainText(`Read ${page.text(at)}`);
}

function placeWords(source: Source): string {
  return [accountWords(source), source.region, modeWords[source.mode]].join(' · ');
}
