import type { Cell } from '../view.ts';
import { fieldLines } from './fields.ts';
import { lengthOf, toWidth, wrap } from './layout.ts';
import type { Sheet, ShownCell } from './sheet.ts';

const gap = '  ';
const leastWidth = 3;
const maxRows = 200;
const maxCellLines = 5;
/** Words up to this length, ids for example, are never broken over lines. */
const longestWhole = 20;

/**
 * Aligned columns with wrapped cells; a cell that needs more than five lines ends with `…`. Where the terminal is too
 * narrow for that, each row is a block of fields.
 */
export function tableLines(columns: readonly string[], rows: readonly Cell[][], sheet: Sheet): string[] {
  const header = columns.map((name) => ({ text: sheet.clean(name) }));
  const cells = rows.slice(0, maxRows).map((row) => row.map((cell) => sheet.cell(cell)));
  const widths = columnWidths([header, ...cells], sheet.width);
  const left = rows.length - cells.length;
  return [
    ...(widths ? aligned(header, cells, widths, sheet) : stacked(columns, rows.slice(0, maxRows), sheet)),
    ...(left > 0 ? [`${left} more rows not shown. Narrow the question to see the rest.`] : []),
  ];
}

function aligned(header: ShownCell[], rows: ShownCell[][], widths: readonly number[], sheet: Sheet): string[] {
  return [
    ...rowLines(header, widths, sheet).map((line) => sheet.paint('bold', line)),
    sheet.paint('dim', widths.map((width) => '─'.repeat(width)).join(gap)),
    ...rows.flatMap((row) => rowLines(row, widths, sheet)),
  ];
}

function rowLines(row: readonly ShownCell[], widths: readonly number[], sheet: Sheet): string[] {
  const wrapped = widths.map((width, index) => cellLines(row[index]?.text ?? '', width));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = widths.map((width, index) => {
      const text = wrapped[index]?.[line] ?? '';
      const padding = ' '.repeat(width - lengthOf(text));
      return (text === '' ? '' : sheet.paint.status(row[index]?.status, text)) + padding;
    });
    return parts.join(gap).trimEnd();
  });
}

function cellLines(text: string, width: number): string[] {
  const lines = wrap(text, width);
  const last = lines[maxCellLines - 1];
  if (lines.length <= maxCellLines || last === undefined) return lines;
  return [...lines.slice(0, maxCellLines - 1), toWidth(`${last} ${lines[maxCellLines]}`, width)];
}

function stacked(columns: readonly string[], rows: readonly Cell[][], sheet: Sheet): string[] {
  return rows.flatMap((row, index) => {
    const fields = columns.map((label, column) => ({ label, value: row[column] ?? '' }));
    return [...(index > 0 ? [''] : []), ...fieldLines(fields, sheet)];
  });
}

/** Takes from the widest column that has words to break until all fit; `undefined` when they cannot. */
function columnWidths(rows: readonly ShownCell[][], room: number): number[] | undefined {
  const texts = (rows[0] ?? []).map((_, index) => rows.map((row) => row[index]?.text ?? ''));
  const least = texts.map((column) => longest(column.map(longestWord)));
  const widths = texts.map((column) => longest(column.map(lengthOf)));
  const total = () => widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
  while (total() > room) {
    const slack = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = Math.max(...slack);
    if (widest === 0) return undefined;
    widths[slack.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function longestWord(text: string): number {
  return Math.min(longestWhole, longest(text.split(' ').map(lengthOf)));
}

function longest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), leastWidth);
}
