import { RISKS } from '../../cards/view.ts';
import type { RecordedChange, Records, Span } from '../records.ts';
import { perStep, stepOf } from './buckets.ts';
import { countedFrom } from './counted-from.ts';
import { durationText } from './duration.ts';
import { median, quantile } from './quantile.ts';
import { countOf, type Figure, type Findings, table } from './report.ts';

/** Nobody reads a card in less. */
export const TOO_FAST_MS = 2_000;
/** A proposal lives 15 minutes at most. */
const SLOW_MEDIAN_MS = 5 * 60_000;
const SLOW_P95_MS = 10 * 60_000;
/** With fewer decisions a rate says nothing. */
const ENOUGH = 20;
/** One in twenty. */
const MOST_FAST = 0.05;
const HIGHEST_RATE = 0.98;

/** What was decided about a change, when, and how long that took since it was asked. */
export interface Decision {
  change: RecordedChange;
  verdict: 'approve' | 'reject';
  /** Epoch ms. */
  at: number;
  tookMs: number;
}

/** The vote that settled a change: a rejection, or the last yes that it took. Undefined while none has, and for one taken back. */
export function decisionOf(change: RecordedChange): Decision | undefined {
  const rejected = change.votes.find(({ verdict }) => verdict === 'reject');
  const settled = rejected ?? lastNeeded(change);
  if (!settled) return undefined;
  const verdict = rejected ? 'reject' : 'approve';
  return { change, verdict, at: settled.at, tookMs: Math.max(0, settled.at - change.createdAt) };
}

function lastNeeded({ votes, quorum }: RecordedChange) {
  return votes.filter(({ verdict }) => verdict === 'approve')[quorum - 1];
}

/** Yeses within the span that came faster than a card can be read. */
export function tooFast(changes: readonly RecordedChange[], span: Span): number {
  const yes = changes.flatMap(({ votes, createdAt }) =>
    votes.filter(({ verdict, at }) => verdict === 'approve' && isIn(span, at) && at - createdAt < TOO_FAST_MS),
  );
  return yes.length;
}

export const isIn = ({ from, to }: Span, at: number): boolean => at >= from && at < to;

/** How people decide: how fast, how often yes, and what should make somebody look (SAFETY figure 17). */
export async function decisions(records: Records, span: Span): Promise<Findings> {
  const [changes, events] = await Promise.all([records.changes(span), records.events(span)]);
  const decided = changes.items.flatMap((change) => decisionOf(change) ?? []).filter(({ at }) => isIn(span, at));
  const own = events.items.filter(({ type, rule }) => type === 'access_denied' && rule === 'own-change');
  const yes = decided.filter(({ verdict }) => verdict === 'approve');
  const expired = changes.items.filter(({ state, updatedAt }) => state === 'expired' && isIn(span, updatedAt));
  return {
    figures: figures({
      ...{ decided, yes: yes.length, expired: expired.length },
      ...{ fast: tooFast(changes.items, span), own: own.length },
    }),
    series: [
      { label: `Approved ${stepOf(span).words}`, unit: 'count', points: perStep(span, changes.since, moments(yes)) },
      {
        label: `Rejected ${stepOf(span).words}`,
        unit: 'count',
        points: perStep(span, changes.since, moments(decided.filter(({ verdict }) => verdict === 'reject'))),
      },
    ],
    tables: [
      table('By risk', ['Risk', 'Decided', 'Median', '95 of 100 within'], byRisk(decided), NOTHING),
      table('By person', ['Person', 'Yes', 'No', 'Median'], byPerson(changes.items, span), NOTHING),
    ],
    limits: [
      ...countedFrom(span, changes.since, changes.items.length, 'changes'),
      ...countedFrom(span, events.since, events.items.length, 'audit records for refusals'),
    ],
  };
}

const NOTHING = 'Nobody decided anything in this time.';
const moments = (decided: readonly Decision[]): number[] => decided.map(({ at }) => at);

interface Sums {
  decided: readonly Decision[];
  yes: number;
  expired: number;
  fast: number;
  own: number;
}

function figures({ decided, yes, expired, fast, own }: Sums): Figure[] {
  const took = decided.map(({ tookMs }) => tookMs);
  const rate = decided.length === 0 ? null : yes / decided.length;
  const many = decided.length >= ENOUGH;
  const isBlind = many && rate !== null && rate > HIGHEST_RATE;
  const isFast = many && fast / decided.length > MOST_FAST;
  return [
    countOf('Decided', decided.length),
    countOf('Expired undecided', expired, 'warning'),
    time('Median', median(took), SLOW_MEDIAN_MS, 'more people should be able to approve'),
    time('95 of 100 within', quantile(took, 0.95), SLOW_P95_MS, 'look who was asked, and when'),
    {
      label: 'Approved',
      value: rate,
      text: rate === null ? 'none' : `${(rate * 100).toFixed(0)} %${isBlind ? ': are the cards read?' : ''}`,
      status: isBlind ? 'warning' : 'neutral',
    },
    {
      label: 'Yes in under 2 s',
      value: fast,
      text: `${fast}${isFast ? ': faster than a card can be read' : ''}`,
      status: isFast ? 'warning' : 'neutral',
    },
    { label: 'Own change, refused', value: own, text: ownText(own), status: own > 0 ? 'warning' : 'neutral' },
  ];
}

function ownText(own: number): string {
  return own > 0 ? `${own}: somebody tried to approve their own change` : '0';
}

function time(label: string, ms: number | undefined, slowMs: number, advice: string): Figure {
  if (ms === undefined) return { label, value: null, text: 'none', status: 'neutral' };
  const isSlow = ms > slowMs;
  return {
    label,
    value: ms / 1000,
    text: `${durationText(ms)}${isSlow ? `: ${advice}` : ''}`,
    status: isSlow ? 'warning' : 'neutral',
  };
}

function byRisk(decided: readonly Decision[]) {
  const risks = Map.groupBy(decided, ({ change }) => change.risk);
  return RISKS.filter((risk) => risks.has(risk)).map((risk) => {
    const took = (risks.get(risk) ?? []).map(({ tookMs }) => tookMs);
    return [risk, String(took.length), shown(median(took)), shown(quantile(took, 0.95))];
  });
}

function byPerson(changes: readonly RecordedChange[], span: Span) {
  const votes = changes.flatMap(({ createdAt, votes: cast }) =>
    cast
      .filter(({ verdict, at }) => verdict !== 'cancel' && isIn(span, at))
      .map((vote) => ({ ...vote, tookMs: vote.at - createdAt })),
  );
  const people = [...Map.groupBy(votes, ({ person }) => person)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  return people.map(([person, cast]) => {
    const yes = cast.filter(({ verdict }) => verdict === 'approve').length;
    return [person, String(yes), String(cast.length - yes), shown(median(cast.map(({ tookMs }) => tookMs)))];
  });
}

const shown = (ms: number | undefined): string => (ms === undefined ? '' : durationText(ms));
