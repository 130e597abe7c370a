import type { Cell, Field, Status } from '../view.ts';
import { statusGlyph } from '../wording.ts';
import type { Clip } from './clip.ts';
import { moment } from './moment.ts';

export type Colour = 'Default' | 'Good' | 'Warning' | 'Attention' | 'Accent';

/** What the templates know of a cell. Moments go to a `TextBlock`, data to a text run, where no host reads Markdown. */
export interface CellModel {
  /** Plain cells leave out every property they can: a table of fifty rows has to fit. */
  form: 'plain' | 'coloured' | 'moment';
  text: string;
  color: Colour;
}

export interface FieldModel extends CellModel {
  label: string;
}

/** Keeps a glyph and its word together. */
const noBreak = '\u00a0';

export const statusColour = {
  good: 'Good',
  warning: 'Warning',
  bad: 'Attention',
  waiting: 'Accent',
  neutral: 'Default',
} as const satisfies Record<Status, Colour>;

export function cellModel(cell: Cell, clip: Clip): CellModel {
  if (typeof cell === 'string') return plainCell(clip.text(cell));
  if ('at' in cell) return { form: 'moment', text: moment(cell.at), color: 'Default' };
  const text = `${statusGlyph[cell.status]}${noBreak}${clip.text(cell.text)}`;
  return { form: 'coloured', text, color: statusColour[cell.status] };
}

export function fieldModels(fields: readonly Field[], clip: Clip, most?: number): FieldModel[] {
  return clip
    .list(fields, 'fields', most)
    .map(({ label, value }) => ({ label: clip.text(label, 60), ...cellModel(value, clip) }));
}

export function plainCell(text: string): CellModel {
  return { form: 'plain', text, color: 'Default' };
}
