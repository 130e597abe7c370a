import { asOpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { readablePage } from '../store/readable-page.ts';
import type { Stored } from '../store/store.ts';
import { type Approval, approvalKind, type Holder, type State } from './approval.ts';
import { expireIfDue } from './decide.ts';
import { drainSpool } from './drain-spool.ts';
import type { EvidenceSearch } from './evidence.ts';
import { attempt } from './executor.ts';
import type { GateParts } from './gate-parts.ts';
import { move } from './moves.ts';
import { endWrites } from './record-outcome.ts';
import { isReminderDue, remind } from './remind.ts';
import { openAsPlanned } from './tool-context.ts';
import { asPlanned, lookOnce } from './verify.ts';

const BATCH = 50;
/** The deadline of a write, and room for AWS to act on what it has received. */
const CALL_MAY_TAKE_MS = 20_000;

/** How far a sweep came; for logs and tests. */
export interface Swept {
  /** Outcomes that waited in the spool. */
  spooled: number;
  expired: number;
  reminded: number;
  started: number;
  lost: number;
  reconciled: number;
  /** Found in CloudTrail. */
  evidenced: number;
  closed: number;
  verified: number;
}

interface Sweeping {
  signal: AbortSignal;
  /** Is told of what was executed. */
  started: (row: Stored<Approval>) => void;
  evidence: EvidenceSearch;
}

/**
 * Takes up what a stopped process left: expires what nobody decided, starts what was approved but not claimed, reports what was
 * being sent as UNKNOWN, and goes on verifying. Run before listening and every few seconds; two processes may run it together.
 * It waits for nothing but AWS's answers: what cannot go on now is left for the next sweep.
 */
export async function sweep(parts: GateParts, { signal, started, evidence }: Sweeping): Promise<Swept> {
  const each = async (rows: Stored<Approval>[], work: (row: Stored<Approval>) => Promise<boolean>) => {
    let count = 0;
    for (const row of rows) {
      if (signal.aborted) break;
      try {
        if (await work(row)) count += 1;
      } catch (thrown) {
        // One that cannot go on must not hold up the others; the next sweep tries it again.
        parts.log.warn({ changeId: row.id, error: asOpsError(thrown).message }, 'a change could not be taken up');
      }
    }
    return count;
  };
  return {
    // First: what waits there tells more than a lease that ran out.
    spooled: await drainSpool(parts),
    lost: await each((await inState(parts, 'executing')).filter(isLost(parts)), (row) => lose(parts, row)),
    reconciled: await each((await inState(parts, 'unknown')).filter(isReadable(parts)), (row) =>
      readBack(parts, row, signal),
    ),
    evidenced: await evidence.round(await inState(parts, 'unknown'), signal),
    closed: await each((await inState(parts, 'unknown')).filter(isBeyondKnowing(parts)), (row) => close(parts, row)),
    started: await each((await inState(parts, 'approved')).filter(isLeft(parts)), (row) => start(parts, row, started)),
    expired: await each(await due(parts), async (row) => (await expireIfDue(parts, row)).value.state === 'expired'),
    reminded: await each((await inState(parts, 'pending')).filter(isReminderDue(parts)), (row) => remind(parts, row)),
    verified: await each((await unverified(parts)).filter(isLost(parts)), (row) => look(parts, row, signal)),
  };
}

async function start(
  parts: GateParts,
  row: Stored<Approval>,
  started: (row: Stored<Approval>) => void,
): Promise<boolean> {
  // A call that is under way is not cut off by a stop: that would leave its outcome unknown. Its own deadline ends it.
  const { signal } = new AbortController();
  const after = await attempt(parts, row, { signal, progress: () => {} });
  if (after.value.state === 'approved') return false;
  started(after);
  return true;
}

async function look(parts: GateParts, row: Stored<Approval>, signal: AbortSignal): Promise<boolean> {
  const { value } = await lookOnce(parts, row, signal);
  return value.verified?.state !== 'waiting';
}

/** A live process may be about to claim: it gets the moment it needs. */
function isLeft({ clock }: GateParts): (row: Stored<Approval>) => boolean {
  return ({ value }) => clock.now() - Date.parse(value.updated_at) >= 2_000;
}

async function inState(parts: GateParts, state: State): Promise<Stored<Approval>[]> {
  return (await readablePage(parts, approvalKind, { index: 'by_state', partition: state, limit: BATCH })).rows;
}

async function due(parts: GateParts): Promise<Stored<Approval>[]> {
  const to = new Date(parts.clock.now()).toISOString();
  return (await readablePage(parts, approvalKind, { index: 'by_state', partition: 'pending', to, limit: BATCH })).rows;
}

async function unverified(parts: GateParts): Promise<Stored<Approval>[]> {
  return (await readablePage(parts, approvalKind, { index: 'unverified', partition: 'all', limit: BATCH })).rows;
}

/** Its process let the lease run out, or is dead on this very host. */
function isLost({ clock, holder }: GateParts): (row: Stored<Approval>) => boolean {
  return ({ value: { holder: theirs, lease_until } }) => {
    if (!(clock.now() < Date.parse(lease_until ?? ''))) return true;
    return theirs !== undefined && theirs.host === holder.host && theirs.boot !== holder.boot && !isAlive(theirs);
  };
}

function isAlive({ pid }: Holder): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether the call left is not knowable from here: UNKNOWN, locks given back, and by class what AWS can still tell. Never resent. */
async function lose(parts: GateParts, row: Stored<Approval>): Promise<boolean> {
  const { plan } = row.value;
  const facts = {
    type: 'change_lost' as const,
    summary: `The process stopped between INTENT and OUTCOME: ${plan.action}`,
  };
  const moved = await move(parts, row, {
    event: { type: 'lose' },
    facts,
    writes: await endWrites(parts, row, 'unknown'),
  });
  if (!moved.moved) return false;
  parts.log.warn({ changeId: row.id, tool: plan.tool }, 'a change was lost between intent and outcome');
  return true;
}

/** Of a change that sets an absolute target AWS can tell later whether it was made; for as long as its tool would look. A dry run changes nothing. */
function isReadable({ clock, tools }: GateParts): (row: Stored<Approval>) => boolean {
  return ({ value }) => {
    if (value.plan.mode === 'DRY_RUN') return true;
    const tool = tools.get(value.plan.tool);
    if (tool?.effect !== 'write' || tool.recovery !== 'convergent') return false;
    return clock.now() < Date.parse(value.updated_at) + tool.verifyWithinMs;
  };
}

/** There, or demonstrably not; while it is still taking effect nothing is said, and the next sweep looks again. */
async function readBack(parts: GateParts, row: Stored<Approval>, signal: AbortSignal): Promise<boolean> {
  const { plan } = row.value;
  const at = new Date(parts.clock.now()).toISOString();
  const tool = parts.tools.get(plan.tool);
  if (plan.mode === 'DRY_RUN') return concludeDryRun(parts, row, at);
  if (tool?.effect !== 'write') return false;
  try {
    const context = await openAsPlanned(parts, row.value, { signal, progress: () => {} });
    const seen = await tool.verify(plan.params as JsonObject, asPlanned(plan), context);
    if (seen.state === 'pending') return false;
    const applied = seen.state === 'confirmed';
    // A call that was on its way may still take effect: absence counts only after its deadline.
    if (!applied && parts.clock.now() < Date.parse(row.value.updated_at) + CALL_MAY_TAKE_MS) return false;
    const line = applied
      ? `Read back from AWS: it is as approved; whether by this call or by another change, AWS does not say. ${seen.text}`
      : `Read back from AWS: it is not as approved. ${seen.text} Look at the resource, then propose it again.`;
    const event = {
      type: 'reconcile' as const,
      state: applied ? ('succeeded' as const) : ('failed' as const),
      outcome: { at, lines: [line] },
    };
    const writes = await endWrites(parts, row, event.state);
    return (await move(parts, row, { event, facts: { type: 'change_reconciled', summary: line }, writes })).moved;
  } catch (thrown) {
    parts.log.warn({ changeId: row.id, error: asOpsError(thrown).message }, 'a lost change could not be read back');
    return false;
  }
}

async function concludeDryRun(parts: GateParts, row: Stored<Approval>, at: string): Promise<boolean> {
  const line = 'A dry run that was cut off: nothing was changed. Propose it again.';
  const event = { type: 'reconcile' as const, state: 'failed' as const, outcome: { at, lines: [line] } };
  return (await move(parts, row, { event, facts: { type: 'change_reconciled', summary: line } })).moved;
}

/** After this nobody looks any more: AWS would have told by now (SAFETY §5.4). */
const GIVE_UP_MS = 20 * 60_000;

function isBeyondKnowing({ clock }: GateParts): (row: Stored<Approval>) => boolean {
  return ({ value }) => clock.now() >= Date.parse(value.updated_at) + GIVE_UP_MS;
}

/** Closed without a known outcome; the next proposal on the resource warns of a possible repeat. */
async function close(parts: GateParts, row: Stored<Approval>): Promise<boolean> {
  const line = 'Nothing showed within 20 minutes whether it happened. It is closed without a known outcome.';
  const outcome = { at: new Date(parts.clock.now()).toISOString(), lines: [line] };
  const event = { type: 'reconcile' as const, state: 'closed_unknown' as const, outcome };
  return (await move(parts, row, { event, facts: { type: 'change_reconciled', summary: line } })).moved;
}
