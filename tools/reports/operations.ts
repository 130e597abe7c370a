import type { Series } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { RecordedEvent, Records, Span } from '../records.ts';
import { perStep, stepOf } from './buckets.ts';
import { countedFrom } from './counted-from.ts';
import { countOf, type Findings, table } from './report.ts';

const ENDS = ['done', 'proposed', 'refused', 'failed'] as const;
export type End = (typeof ENDS)[number];

/**
 * How a record counts; most do not. A read or workflow counts when it was done, a change when it was proposed and again when its
 * outcome is known. One whose outcome is not known yet counts when it was found out.
 */
export function endOf({ type, outcome = '' }: Pick<RecordedEvent, 'type' | 'outcome'>): End | undefined {
  switch (type) {
    case 'tool_call_executed':
      return outcome === 'done' ? 'done' : undefined;
    case 'approval_requested':
      return 'proposed';
    case 'change_outcome':
    case 'change_reconciled':
      return CHANGE_ENDS[outcome];
    case 'access_denied':
    case 'token_refused':
      return 'refused';
    case 'error_occurred':
      return 'failed';
    default:
      return undefined;
  }
}

const CHANGE_ENDS: Readonly<Record<string, End>> = { succeeded: 'done', failed: 'failed', closed_unknown: 'failed' };

export interface Tally extends Record<End, number> {
  name: string;
}

/** Sums by name, the busiest first, then by name. Every event that counts is in exactly one cell. */
export function tally(events: readonly RecordedEvent[], nameOf: (event: RecordedEvent) => string): Tally[] {
  const sums = new Map<string, Tally>();
  for (const event of events) {
    const end = endOf(event);
    if (!end) continue;
    const name = nameOf(event);
    const sum = sums.get(name) ?? { name, done: 0, proposed: 0, refused: 0, failed: 0 };
    sum[end] += 1;
    sums.set(name, sum);
  }
  return [...sums.values()].sort((one, other) => total(other) - total(one) || one.name.localeCompare(other.name));
}

const total = (sum: Tally): number => ENDS.reduce((all, end) => all + sum[end], 0);

/** What was done, by tool and by person, and when. */
export async function operations(records: Records, span: Span): Promise<Findings> {
  const { items, since } = await records.events(span);
  const ended = (end: End) => items.filter((event) => endOf(event) === end);
  const curve = (end: End): Series => ({
    label: `${capital(end)} ${stepOf(span).words}`,
    unit: 'count',
    points: perStep(
      span,
      since,
      ended(end).map(({ at }) => at),
    ),
  });
  return {
    figures: [
      countOf('Done', ended('done').length, 'good'),
      countOf('Proposed', ended('proposed').length),
      countOf('Refused', ended('refused').length),
      countOf('Failed', ended('failed').length, 'warning'),
    ],
    series: (['done', 'refused', 'failed'] as const).map(curve),
    tables: [
      table('By tool', ['Tool', ...COLUMNS], tally(items, toolOf).map(row), NOTHING),
      table('By person', ['Person', ...COLUMNS], tally(items, personOf).map(row), NOTHING),
    ],
    limits: countedFrom(span, since, items.length, 'audit records'),
  };
}

const NOTHING = 'Nothing was asked for in this time.';
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const COLUMNS = ENDS.map(capital);

/** A vote names the tool of its change; a wrong token or a switch names none. */
const toolOf = ({ tool }: RecordedEvent): string => tool ?? 'decisions and access';

function personOf({ person }: RecordedEvent): string {
  if (person === undefined) return 'OpsAgent';
  return person === 'unknown' ? 'people not on the list' : person;
}

function row(sum: Tally) {
  const { name, done, proposed, refused, failed } = sum;
  return [
    cleanText(name, 100),
    String(done),
    String(proposed),
    String(refused),
    failed > 0 ? { text: String(failed), status: 'warning' as const } : '0',
  ];
}
