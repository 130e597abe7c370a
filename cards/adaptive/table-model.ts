import type { Cell } from '../view.ts';
import { type CellModel, cellModel, plainCell } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { type RecordModel, recordModel } from './record-model.ts';

/** Either a table, or records when the columns are too many or too wide for where the card hangs. */
export interface TableModel {
  hasRows: boolean;
  columns: { width: number }[];
  rows: { cells: CellModel[] }[];
  records: RecordModel[];
}

const cellPadding = 3;
const momentWidth = 11;
/** Longer words, ids for example, may break. */
const longestWhole = 20;

export function tableModel(
  columns: readonly string[],
  rows: readonly Cell[][],
  clip: Clip,
  { what = 'rows', most }: { what?: string; most?: number } = {},
): TableModel {
  const header = clip.list(columns, 'columns', clip.level.columns).map((name) => plainCell(clip.text(name, 60)));
  const shown = clip
    .list(rows, what, most)
    .map((row) => row.slice(0, header.length).map((cell) => cellModel(cell, clip)));
  if (what === 'rows' && shown.length < rows.length) clip.leave('Narrow the question to see the rest.');
  const empty = { hasRows: false, columns: [], rows: [], records: [] };
  if (shown.length === 0 || header.length === 0) return empty;

  const all = [header, ...shown];
  const least = header.map((_, index) => widest(all, index, longestWord) + cellPadding);
  // Beyond it words would break in the middle.
  if (least.reduce((sum, width) => sum + width, 0) > clip.width) {
    return { ...empty, records: shown.map((row) => recordModel(header, row)) };
  }
  return {
    ...empty,
    hasRows: true,
    columns: least.map((width, index) => ({ width: Math.round(width + widest(all, index, prose)) })),
    rows: all.map((cells) => ({ cells })),
  };
}

function widest(rows: CellModel[][], index: number, measure: (cell: CellModel) => number): number {
  return rows.reduce((most, row) => Math.max(most, row[index] ? measure(row[index]) : 0), 0);
}

function longestWord({ form, text }: CellModel): number {
  if (form === 'moment') return momentWidth;
  return Math.min(longestWhole, Math.max(...text.split(/[ -]/).map((word) => word.length)));
}

/** What wraps gets a share of the rest, up to about two words. */
function prose(cell: CellModel): number {
  return cell.form === 'moment' ? 0 : Math.min(12, (cell.text.length - longestWord(cell)) * 0.3);
}
