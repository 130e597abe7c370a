import type { RichTextList, TableBlock } from '@slack/types';
import type { Cell } from '../view.ts';
import { inlineCell, isMoment, tableCell } from './fields.ts';
import { yourTime } from './moment.ts';
import type { Page } from './page.ts';
import { bullets, type Line, rich } from './rich.ts';

/** Either a block of its own, or, when that is taken or not to be had, a list with one row an entry. */
export type Rows = { table: TableBlock } | { list: RichTextList } | undefined;

const maxName = 60;
/** Longer cells may break into lines; ids and states stay whole. */
const longestWhole = 30;

export function tableRows(columns: readonly string[], rows: readonly Cell[][], page: Page, most?: number): Rows {
  const names = page.list(columns, 'columns', page.level.columns).map((name) => page.text(name, maxName));
  const shown = page.list(rows, 'rows', names.length === 0 ? 0 : most);
  if (shown.length < rows.length) page.leave('Narrow the question to see the rest.');
  if (shown.length === 0) return undefined;
  if (page.takeTable()) return { table: table(names, shown, page) };
  return { list: bullets(shown.map((row) => [entry(names, row, page)])) };
}

function table(names: readonly string[], rows: readonly Cell[][], page: Page): TableBlock {
  const header = names.map((name, column) => {
    const zone = rows.some((row) => isMoment(row[column])) ? ` ${yourTime}` : '';
    return { type: 'raw_text' as const, text: name + zone };
  });
  const cells = rows.map((row) => names.map((_, column) => tableCell(row[column] ?? '', page)));
  const column_settings = names.map((_, column) => ({
    is_wrapped: cells.some((row) => {
      const cell = row[column];
      return cell?.type === 'raw_text' && cell.text.length > longestWhole;
    }),
  }));
  return { type: 'table', rows: [header, ...cells], column_settings };
}

/** The first cell, then the others with their names. */
function entry(names: readonly string[], row: readonly Cell[], page: Page): Line {
  const line: Line = [{ ...inlineCell(row[0] ?? '', page), style: { bold: true } }];
  names.slice(1).forEach((name, index) => {
    line.push(rich.text(` · ${name}: `), inlineCell(row[index + 1] ?? '', page));
  });
  return line;
}
