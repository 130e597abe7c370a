import { type Approval, approvalKind } from '../../approvals/approval.ts';
import { type AuditRecord, auditKind } from '../../approvals/audit-record.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { type Change, readChanges } from '../../tools/aws/simulated/changes.ts';

/** What a store file says of one change. */
export interface ChangeRecord {
  approval: Approval;
  /** Oldest first. */
  audit: AuditRecord[];
  /** What was done to the simulated estate, to any resource, oldest first. */
  done: Change[];
}

/** Reads the truth beside whatever process may be using it. */
export async function recordOf(uri: string, changeId: string): Promise<ChangeRecord> {
  const store = await openStore(uri, { clock: systemClock, log: silentLog });
  try {
    const row = await store.get(approvalKind, changeId);
    if (!row) throw new Error(`there is no change ${changeId}`);
    const audit = await store.query(auditKind, { index: 'by_change', partition: changeId, limit: 200 });
    const done = await readChanges(store, row.value.plan.region, 0, Date.now());
    return { approval: row.value, audit: audit.rows.map(({ value }) => value), done: done.reverse() };
  } finally {
    await store.close();
  }
}

/** Asks again until it is so, for at most so many ms; then gives back the last answer for the assertion to tell. */
export async function eventually<T>(look: () => Promise<T>, isSo: (seen: T) => boolean, withinMs: number): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen) || performance.now() > until) return seen;
    await systemClock.sleep(100);
  }
}
