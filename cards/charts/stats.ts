import type { Series } from '../view.ts';

export interface Stats {
  min: number;
  avg: number;
  max: number;
  last: number;
}

/** A value that can be drawn; no data and not-a-number are the same gap. */
export function drawable(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** `undefined` when no point has a value. */
export function statsOf(series: Series): Stats | undefined {
  const values = series.points.map((point) => point.value).filter(drawable);
  const last = values.at(-1);
  if (last === undefined) return undefined;

  let min = last;
  let max = last;
  let avg = 0;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    avg += value / values.length;
  }
  return { min, avg, max, last };
}
