import type { Series } from '../../cards/view.ts';
import type { Span } from '../records.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Up to here a day is too coarse to see anything. */
const LONGEST_BY_HOUR = 2 * DAY;

/** 'each hour' or 'each day' (UTC), whichever suits the span. */
export function stepOf({ from, to }: Span): { ms: number; words: string } {
  return to - from <= LONGEST_BY_HOUR ? { ms: HOUR, words: 'each hour' } : { ms: DAY, words: 'each day' };
}

/**
 * How many of `moments` (epoch ms, inside the span) fall into each hour or day of the span. No value where counting began
 * only later (`since`): nothing is known there.
 */
export function perStep(span: Span, since: number, moments: readonly number[]): Series['points'] {
  const { ms } = stepOf(span);
  const first = Math.floor(span.from / ms) * ms;
  const counts = Array.from({ length: Math.max(1, Math.ceil((span.to - first) / ms)) }, () => 0);
  for (const moment of moments) {
    const place = Math.floor((moment - first) / ms);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts.map((count, place) => {
    const start = first + place * ms;
    const isKnown = since <= span.from || start >= since;
    return { at: new Date(start).toISOString(), value: isKnown ? count : null };
  });
}
