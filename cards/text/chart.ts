import { seriesWords } from '../charts/series-words.ts';
import { sparkline } from '../charts/sparkline.ts';
import type { Series } from '../view.ts';
import { hang } from './layout.ts';
import type { Sheet } from './sheet.ts';

const widestLine = 60;

/** A sparkline, its numbers with units, and the time it spans. */
export function seriesLines(series: Series, sheet: Sheet): string[] {
  const values = series.points.map((point) => point.value);
  const first = series.points[0];
  const last = series.points.at(-1);
  const range = first && last ? [`${sheet.moment(first.at)} to ${sheet.moment(last.at)}`] : [];
  return [
    sheet.paint('bold', sheet.clean(series.label)),
    ...(values.length > 0 ? [sheet.paint('cyan', sparkline(values, Math.min(widestLine, sheet.width)))] : []),
    ...hang('', sheet.clean(seriesWords(series)), sheet.width),
    ...range.flatMap((line) => hang('', line, sheet.width)),
  ];
}
