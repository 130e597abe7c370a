import type { Series } from '../view.ts';
import { drawable } from './stats.ts';

type Point = Series['points'][number];

/** At most about `most` points. Each bucket keeps its lowest and highest value, so a spike is never lost. */
export function thin(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / (most / 2));
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += size) kept.push(...extremes(points.slice(from, from + size)));
  return kept;
}

function extremes(bucket: Point[]): Point[] {
  let lowest: Point | undefined;
  let highest: Point | undefined;
  for (const point of bucket) {
    if (!drawable(point.value)) continue;
    if (!lowest || point.value < (lowest.value ?? 0)) lowest = point;
    if (!highest || point.value > (highest.value ?? 0)) highest = point;
  }
  if (!lowest || !highest) return bucket.slice(0, 1);
  if (lowest === highest) return [lowest];
  return bucket.indexOf(lowest) < bucket.indexOf(highest) ? [lowest, highest] : [highest, lowest];
}
