import { drawable } from './stats.ts';

const bars = '▁▂▃▄▅▆▇█';
const gap = '·';

/** One character per value, or per bucket of values when there are more than `width`; `·` where there was no data. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const buckets = bucketed(values, Math.max(1, width));
  const known = buckets.filter(drawable);
  const low = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return buckets.map((value) => (drawable(value) ? bar(value, low, high) : gap)).join('');
}

function bar(value: number, low: number, high: number): string {
  // Halves first: the difference of two huge numbers is not a number any more.
  const span = high / 2 - low / 2;
  const share = span === 0 ? 0 : (value / 2 - low / 2) / span;
  return bars.charAt(Math.min(bars.length - 1, Math.floor(share * bars.length)));
}

function bucketed(values: readonly (number | null)[], width: number): (number | null)[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width);
    const to = Math.floor(((index + 1) * values.length) / width);
    const known = values.slice(from, to).filter(drawable);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value / known.length, 0);
  });
}
