import type { Series } from '../view.ts';
import { quantity } from './quantity.ts';
import { statsOf } from './stats.ts';

/** The series for people who read rather than look: 'min 3 % · avg 20 % · max 91 % · last 42 %'. */
export function seriesWords(series: Series): string {
  const stats = statsOf(series);
  if (!stats) return 'no data in this time range';
  const { min, avg, max, last } = stats;
  return Object.entries({ min, avg, max, last })
    .map(([name, value]) => `${name} ${quantity(value, series.unit)}`)
    .join(' · ');
}
