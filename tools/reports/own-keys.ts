import type { Status } from '../../cards/view.ts';
import type { OwnKey } from '../records.ts';
import { daysText } from './duration.ts';
import { type ReportTable, table } from './report.ts';

const DAY = 86_400_000;
/** It signs on one machine and leaves it for nowhere: a year is usual. */
export const OWN_TOO_OLD_DAYS = 365;
/** Time enough to make the next one and hand it out. */
export const ENDS_SOON_DAYS = 14;

/** What should become of one of OpsAgent's own keys. */
export function verdictOnOwn({ since, endsAt, repair }: OwnKey, now: number): { text: string; status: Status } {
  if (endsAt !== undefined && endsAt <= now) return { text: `expired: ${repair}`, status: 'bad' };
  if (endsAt !== undefined && endsAt - now < ENDS_SOON_DAYS * DAY) {
    return { text: `ends in ${daysText(Math.floor((endsAt - now) / DAY))}: ${repair}`, status: 'warning' };
  }
  if (since !== undefined && now - since > OWN_TOO_OLD_DAYS * DAY) {
    return { text: `older than a year: ${repair}`, status: 'warning' };
  }
  return { text: 'in order', status: 'good' };
}

export function ownKeysTable(keys: readonly OwnKey[], now: number): ReportTable {
  const rows = keys.map((key) => [
    key.name,
    key.since === undefined ? 'not known' : daysText(Math.max(0, Math.floor((now - key.since) / DAY))),
    key.endsAt === undefined ? 'never' : { at: new Date(key.endsAt).toISOString() },
    verdictOnOwn(key, now),
  ]);
  return table(
    "OpsAgent's own keys",
    ['Key', 'Age', 'Ends', 'What to do'],
    rows,
    'OpsAgent has no keys of its own here.',
  );
}
