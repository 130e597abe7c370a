import { z } from 'zod';

/** One data point: `at` is ISO 8601, UTC. */
export const Point = z.object({ at: z.string(), value: z.number() });
export type Point = z.output<typeof Point>;

export type Trend = 'stable' | 'rising' | 'falling';

/** A change below this share of the mean over the whole window is called stable. */
const STABLE_WITHIN = 0.1;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Least squares: the fitted line's rise over the whole window, as a share of the mean's size.
 * Within ±10 % is stable. Fewer than three points, or nothing but zeros, say nothing and are stable too.
 */
export function trendOf(points: readonly Point[]): Trend {
  if (points.length < 3) return 'stable';
  const times = points.map(({ at }) => Date.parse(at));
  const values = points.map(({ value }) => value);
  const [meanTime, meanValue] = [mean(times), mean(values)];
  const spread = times.reduce((sum, time) => sum + (time - meanTime) ** 2, 0);
  const together = times.reduce((sum, time, i) => sum + (time - meanTime) * ((values[i] ?? 0) - meanValue), 0);
  const size = mean(values.map(Math.abs));
  if (spread === 0 || size === 0) return 'stable';
  const rise = ((together / spread) * (Math.max(...times) - Math.min(...times))) / size;
  if (Math.abs(rise) <= STABLE_WITHIN) return 'stable';
  return rise > 0 ? 'rising' : 'falling';
}

/** Four significant digits at most: what a person compares at a glance. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}

const STEPS = ['', 'k', 'M', 'G', 'T'];

/** '41.2 %', '1.3 MB/s', '12 count'. */
export function withUnit(value: number, unit: string): string {
  if (unit === 'percent') return `${rounded(value)} %`;
  if (!unit.startsWith('bytes')) return `${rounded(value)} ${unit}`;
  const step = Math.min(STEPS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)));
  return `${rounded(value / 1000 ** step)} ${STEPS[step]}B${unit.slice('bytes'.length)}`;
}
