import { approvalKind } from '../approvals/approval.ts';
import { postKind } from '../approvals/outbox.ts';
import { asOpsError } from '../lib/errors.ts';
import type { House } from './compose.ts';

type Parts = Pick<House, 'store' | 'clock' | 'log' | 'telemetry'>;

/** Of each list: what waits is counted up to here, so that looking costs the same however much waits. */
const MOST_COUNTED = 200;
const MINUTE_MS = 60_000;

/** An approval lives for 15 minutes at most, and those who may decide are reminded half-way. From (included) and to (excluded), ms. */
const AGES = [
  { age: 'under_5m', from: 0, to: 5 * MINUTE_MS },
  { age: '5m_to_10m', from: 5 * MINUTE_MS, to: 10 * MINUTE_MS },
  { age: 'over_10m', from: 10 * MINUTE_MS, to: Number.POSITIVE_INFINITY },
] as const;

/**
 * Sets the gauges of what waits: approvals by age, messages by channel. Never rejects: a store that does not answer is
 * counted where it is called (`opsagent_store_errors_total`), and the gauges keep their last values.
 */
export async function measureWaiting(parts: Parts, channels: readonly { name: string }[]): Promise<void> {
  const names = [...channels.map(({ name }) => name), 'webhook'];
  try {
    await Promise.all([
      ...AGES.map((age) => measureApprovals(parts, age)),
      ...names.map((name) => measurePosts(parts, name)),
    ]);
  } catch (error) {
    parts.log.warn({ error: asOpsError(error).message }, 'what waits could not be counted');
  }
}

async function measureApprovals(
  { store, clock, telemetry }: Parts,
  { age, from, to }: (typeof AGES)[number],
): Promise<void> {
  const now = clock.now();
  const { rows } = await store.places(approvalKind, {
    index: 'by_list',
    partition: 'pending',
    from: to === Number.POSITIVE_INFINITY ? undefined : new Date(now - to + 1).toISOString(),
    // The newest ones too, should another machine's clock be ahead.
    to: from === 0 ? undefined : new Date(now - from + 1).toISOString(),
    limit: MOST_COUNTED,
  });
  telemetry.pendingApprovals.set({ age }, rows.length);
}

/** A post leaves the outbox when it was said or given up; its due time moves with each try, so age is by when it was written. */
async function measurePosts({ store, clock, telemetry }: Parts, channel: string): Promise<void> {
  const { rows } = await store.query(postKind, { index: 'due', partition: channel, limit: MOST_COUNTED });
  const written = rows.map(({ value }) => Date.parse(value.created_at));
  const oldest = Math.min(clock.now(), ...written);
  telemetry.undeliveredPosts.set({ channel }, rows.length);
  telemetry.oldestUndeliveredSeconds.set({ channel }, (clock.now() - oldest) / 1000);
}
