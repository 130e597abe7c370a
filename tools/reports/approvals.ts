import { RISKS } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { RecordedChange, Records, Span } from '../records.ts';
import { countedFrom } from './counted-from.ts';
import { isIn } from './decisions.ts';
import { durationText } from './duration.ts';
import { countOf, type Findings, table } from './report.ts';

/** What waits for a decision at `now`, and what nobody decided in time in the span. */
export function sortOut(
  { pending, moved }: { pending: readonly RecordedChange[]; moved: readonly RecordedChange[] },
  span: Span,
  now: number,
): { waiting: RecordedChange[]; expired: RecordedChange[] } {
  // Between the two readings it may have been decided.
  const over = new Set(moved.filter(({ state }) => state !== 'pending').map(({ id }) => id));
  const open = pending.filter(({ id }) => !over.has(id));
  const waiting = open.filter(({ expiresAt }) => expiresAt > now);
  // Its time is over though nobody has noted it yet.
  const overdue = open.filter(({ expiresAt }) => expiresAt <= now && isIn(span, expiresAt));
  const noted = moved.filter(({ state, updatedAt }) => state === 'expired' && isIn(span, updatedAt));
  return { waiting, expired: [...overdue, ...noted] };
}

/** What waits and what ran out, by risk. */
export async function approvals(records: Records, span: Span, now: number): Promise<Findings> {
  const [pending, moved] = await Promise.all([records.pending(), records.changes(span)]);
  const { waiting, expired } = sortOut({ pending: pending.items, moved: moved.items }, span, now);
  const oldest = waiting.toSorted((one, other) => one.createdAt - other.createdAt);
  const [first] = oldest;
  return {
    figures: [
      countOf('Waiting now', waiting.length, 'waiting'),
      {
        label: 'Longest wait',
        value: first ? (now - first.createdAt) / 1000 : null,
        text: first ? durationText(now - first.createdAt) : 'none',
        status: 'neutral',
      },
      countOf('Expired', expired.length, 'warning'),
    ],
    tables: [
      ...byRisk(waiting, expired),
      table('Waiting now', ['Change', 'What', 'By', 'Risk', 'Until'], oldest.map(row), 'Nothing waits for a decision.'),
      table('Expired', ['Change', 'What', 'By', 'Risk', 'Was open until'], expired.map(row), 'Nothing expired.'),
    ],
    limits: [
      ...(pending.since > 0 ? ['Only the newest 1,000 waiting changes are counted.'] : []),
      ...countedFrom(span, moved.since, moved.items.length, 'changes'),
    ],
  };
}

/** A table of noughts would say less than the two sentences below it. */
function byRisk(waiting: readonly RecordedChange[], expired: readonly RecordedChange[]) {
  const of = (changes: readonly RecordedChange[], risk: string) => changes.filter((one) => one.risk === risk).length;
  const rows = RISKS.map((risk) => [risk, String(of(waiting, risk)), String(of(expired, risk))]);
  return waiting.length + expired.length === 0 ? [] : [table('By risk', ['Risk', 'Waiting now', 'Expired'], rows, '')];
}

function row({ id, action, requester, risk, expiresAt }: RecordedChange) {
  return [id, cleanText(action, 120), requester, risk, { at: new Date(expiresAt).toISOString() }];
}
