import type { Block, MrkdwnElement, SectionBlock } from '@slack/types';
import type { Field } from '../view.ts';
import { cellText, fieldLine, isMoment } from './fields.ts';
import { limits } from './limits.ts';
import { momentMarkup } from './moment.ts';
import type { Page } from './page.ts';
import { inert } from './plain.ts';
import { type Line, markup, richBlock, section } from './rich.ts';

/** Characters that stay on one line of half a message. */
const shortest = 32;

/** A list as long as this is read down, not across, and must not need a block for every other field. */
const longList = 20;

/** Facts in reading order: neighbours that are short stand in two columns, as Slack does it; the others are lines. */
export function fieldBlocks(fields: readonly Field[], page: Page, most?: number): Block[] {
  const blocks: Block[] = [];
  let lines: Line[] = [];
  const endLines = () => {
    blocks.push(...richBlock(section(lines)));
    lines = [];
  };

  for (const { members, columns } of runs(page.list(fields, 'fields', most), page)) {
    // One alone would leave half of the card empty.
    if (columns.length > 1) {
      endLines();
      blocks.push(...sections(columns));
    } else lines.push(...members.map((field) => fieldLine(field, page)));
  }
  endLines();
  return blocks;
}

/** Neighbours that fit in columns, together; every other field for itself, without columns. */
function runs(fields: readonly Field[], page: Page): { members: Field[]; columns: MrkdwnElement[] }[] {
  const all: { members: Field[]; columns: MrkdwnElement[] }[] = [];
  for (const field of fields) {
    const element = fields.length < longList ? column(field, page) : undefined;
    const last = all.at(-1);
    if (element && last && last.columns.length > 0) {
      last.members.push(field);
      last.columns.push(element);
    } else all.push({ members: [field], columns: element ? [element] : [] });
  }
  return all;
}

function sections(elements: MrkdwnElement[]): SectionBlock[] {
  const blocks: SectionBlock[] = [];
  for (let from = 0; from < elements.length; from += limits.sectionFields) {
    blocks.push({ type: 'section', fields: elements.slice(from, from + limits.sectionFields) });
  }
  return blocks;
}

/** Markup is the price of columns, so only what means nothing in markup gets there. */
function column({ label, value }: Field, page: Page): MrkdwnElement | undefined {
  const shown = isMoment(value) ? momentMarkup(value.at) : short(cellText(value, page));
  const name = short(page.text(label));
  return shown === undefined || name === undefined ? undefined : markup(`*${name}*\n${shown}`);
}

function short(text: string): string | undefined {
  return text.length > shortest ? undefined : inert(text);
}
