import { utc } from '../../lib/utc.ts';
import type { Span } from '../records.ts';

/** Says where a limit cut the counting short: what is older in the span was not looked at. */
export function countedFrom(span: Span, since: number, count: number, what: string): string[] {
  if (since <= span.from) return [];
  const from = utc(new Date(since).toISOString());
  return [`Counted the newest ${count.toLocaleString('en-US')} ${what}, from ${from} on; ask for a shorter time.`];
}
