import type { Field } from '../view.ts';
import { lengthOf, toWidth, wrap } from './layout.ts';
import type { Sheet } from './sheet.ts';

const widestLabel = 20;

/** Labels in one column, values wrapped in the next. */
export function fieldLines(fields: readonly Field[], sheet: Sheet): string[] {
  const labels = fields.map(({ label }) => sheet.clean(label));
  const column = Math.min(widestLabel, Math.floor(sheet.width / 3), Math.max(0, ...labels.map(lengthOf)));
  return fields.flatMap(({ value }, index) => {
    const { text, status } = sheet.cell(value);
    const label = sheet.paint('dim', toWidth(labels[index] ?? '', column));
    return wrap(text, sheet.width - column - 2).map((line, row) => {
      const before = row === 0 ? label : ' '.repeat(column);
      return `${before}  ${sheet.paint.status(status, line)}`;
    });
  });
}
