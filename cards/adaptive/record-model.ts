import type { Json } from '../../lib/json.ts';
import type { CellModel, Colour } from './cell-model.ts';
import { escapeMarkdown } from './escape.ts';

/** A row as a small block: its first cell, then the others with their names in one flowing line, then the moments. */
export interface RecordModel {
  title: string;
  titleIsMoment: boolean;
  color: Colour;
  hasDetail: boolean;
  inlines: Json[];
  moments: { line: string }[];
}

export function recordModel(header: readonly CellModel[], row: readonly CellModel[]): RecordModel {
  const named = row.map((cell, index) => ({ ...cell, name: header[index]?.text ?? '' }));
  const title = named[0];
  const rest = named.slice(1);
  const inlines = rest.filter(({ form }) => form !== 'moment').flatMap(inlinesOf);
  return {
    title: title?.text ?? '–',
    titleIsMoment: title?.form === 'moment',
    color: title?.color ?? 'Default',
    hasDetail: inlines.length > 0,
    inlines,
    moments: rest
      .filter(({ form }) => form === 'moment')
      .map(({ name, text }) => ({ line: `${escapeMarkdown(name)}: ${text}` })),
  };
}

function inlinesOf({ form, name, text, color }: CellModel & { name: string }, index: number): Json[] {
  const before = `${index > 0 ? ' · ' : ''}${name}: `;
  return form === 'plain' ? [before + text] : [before, { type: 'TextRun', text, color }];
}
