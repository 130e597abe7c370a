import type { Caller } from '../approvals/call.ts';
import type { Role } from '../approvals/people.ts';
import type { Answer, BotParts } from './bot-parts.ts';
import { createUsageLedger } from './llm/usage.ts';
import { usageView } from './usage-view.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;

/** They answer for the bill; everybody else sees their own part of it. */
const SEE_ALL: readonly Role[] = ['admin', 'ops-lead'];

/** Whispered: in a channel the rest would read what each person used. */
export async function usage(
  { store, clock, settings }: Pick<BotParts, 'store' | 'clock' | 'settings'>,
  { person }: Caller,
): Promise<Answer> {
  const now = clock.now();
  const rows = await createUsageLedger(store).days(now - (DAYS - 1) * DAY_MS, now);
  const seesAll = person.roles.some((role) => SEE_ALL.includes(role));
  const seen = seesAll ? rows : rows.filter((row) => row.person === person.id);
  const view = usageView(seen, { days: DAYS, whose: seesAll ? 'all' : 'own', caps: settings().value.model });
  return { outcome: 'answer', view, whisper: true };
}
