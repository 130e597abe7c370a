import { utc } from '../lib/utc.ts';
import type { Stored } from '../store/store.ts';
import type { PlannedChange } from '../tools/tool.ts';
import { type Approval, approvalKind } from './approval.ts';
import { limitsReached } from './closed.ts';
import type { GateParts } from './gate-parts.ts';

/** So long whoever approves is told that the resource was just changed: a colleague may have done the same a moment ago. */
const JUST_CHANGED_MS = 15 * 60_000;

/** What stands in the way right now, for whoever approves: the proposal itself is not refused for it. */
export async function standingWarnings(parts: GateParts, planned: PlannedChange, id: string): Promise<string[]> {
  const arns = planned.targets.map(({ arn }) => arn);
  const [near, limits] = await Promise.all([
    neighbours(parts, planned, parts.clock.now()),
    limitsReached(parts, arns, id),
  ]);
  return [...near, ...limits.map(({ because, next }) => `${because} ${next}`)];
}

/** Other changes of the same resource that whoever approves this one must know of (SAFETY §5.4). */
async function neighbours({ store }: GateParts, { targets }: PlannedChange, now: number): Promise<string[]> {
  const [target] = targets;
  if (!target) return [];
  const page = await store.query(approvalKind, {
    index: 'by_target',
    partition: target.arn,
    newestFirst: true,
    limit: 10,
  });
  const others = page.rows.flatMap(({ id, value: { state, created_at, expires_at, plan } }) => {
    if (state === 'unknown' || state === 'closed_unknown')
      return [`Possible repeat of ${id} of ${utc(created_at)}, whose outcome is not known.`];
    const open = state === 'approved' || state === 'executing' || (state === 'pending' && now < Date.parse(expires_at));
    return open ? [`${id} is open on the same resource: ${plan.action}.`] : [];
  });
  return [...others, ...justChanged(page.rows, now)];
}

/** Only the newest: the ones before it are in the record. */
function justChanged(rows: readonly Stored<Approval>[], now: number): string[] {
  const newest = rows.find(({ value }) => value.state === 'succeeded' && value.plan.mode !== 'DRY_RUN');
  const at = newest?.value.outcome?.at;
  if (!newest || at === undefined || now - Date.parse(at) >= JUST_CHANGED_MS) return [];
  return [`The same resource was changed at ${utc(at)}, by ${newest.id}: ${newest.value.plan.action}.`];
}
