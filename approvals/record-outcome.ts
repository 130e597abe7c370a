import { asOpsError, OpsError } from '../lib/errors.ts';
import type { Stored, Write } from '../store/store.ts';
import type { Approval, State } from './approval.ts';
import type { AuditActor } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import { releaseWrites } from './ledger.ts';
import { type Moved, move } from './moves.ts';
import type { Sent } from './outcome-spool.ts';

/** With the pauses between them some 30 s; then the change is left for recovery. */
const RECORD_TRIES = 20;
/** So often another change may take the same rows in the same moment: the store is well then, and owes nobody anything. */
const NEIGHBOURS = 5;

/**
 * The outcome is committed with giving back the locks; a busy store is asked again, since the call is done. What it does not
 * take waits in the spool as well, so that a crash meanwhile loses nothing; while it is there every process refuses changes, so
 * one that only came second to a neighbour is not put there.
 *
 * @throws OpsError `store_unavailable` at last; the spool has the outcome then
 */
export async function recordOutcome(
  parts: GateParts,
  row: Stored<Approval>,
  actor: AuditActor | undefined,
  sent: Sent,
): Promise<Stored<Approval>> {
  let spooled = false;
  const keep = () => {
    if (!spooled) spool(parts, row, sent);
    spooled = true;
  };
  for (let tries = 1; ; tries += 1) {
    const found = await tryOnce(parts, row, actor, sent);
    if (found.end === 'given up') keep();
    if (found.end === 'over' && spooled) settle(parts, row);
    if ('row' in found) return found.row;
    if (found.end === 'came second' && tries <= NEIGHBOURS) {
      await parts.clock.sleep(10 * tries);
      continue;
    }
    const { problem } = found;
    parts.log.error(
      { changeId: row.id, tries, error: asOpsError(problem).message },
      'the outcome could not be recorded yet',
    );
    keep();
    if (tries >= RECORD_TRIES) throw unrecorded(row.value.plan.action, problem);
    await parts.clock.sleep(Math.min(2_000, 50 * 2 ** tries));
  }
}

type Try =
  | { end: 'over' | 'given up'; row: Stored<Approval> }
  /** Another change took the same rows in the same moment. */
  | { end: 'came second' | 'failed'; problem: unknown };

async function tryOnce(
  parts: GateParts,
  row: Stored<Approval>,
  actor: AuditActor | undefined,
  sent: Sent,
): Promise<Try> {
  try {
    const moved = await commitOutcome(parts, row, actor, sent);
    if (moved.moved) return { end: 'over', row: moved.row };
    if (isGivenUp(moved.row, row, sent)) return { end: 'given up', row: moved.row };
    if (moved.refused !== 'neighbour') return { end: 'over', row: moved.row };
    return { end: 'came second', problem: new Error('another change moved the same rows') };
  } catch (problem) {
    return { end: 'failed', problem };
  }
}

/** Somebody on another host took the change for lost meanwhile: what AWS answered is evidence, and the next sweep brings it in. */
function isGivenUp({ value: now }: Stored<Approval>, { value: mine }: Stored<Approval>, sent: Sent): boolean {
  return now.state === 'unknown' && now.fence === mine.fence + 1 && sent.state !== 'unknown';
}

/** The one failure after AWS was called: nobody may take it for a change that was not made. */
function unrecorded(action: string, cause: unknown): OpsError {
  return new OpsError('store_unavailable', `AWS was called, and how it ended could not be recorded yet: ${action}`, {
    hint: 'Do not repeat it. It is recorded once the store answers again: look at the change then.',
    cause,
  });
}

/** One try. Only the holder of the row's fence can record; for anybody else it is refused. */
export async function commitOutcome(
  parts: GateParts,
  row: Stored<Approval>,
  actor: AuditActor | undefined,
  { state, outcome, verify_ms: verifyMs }: Sent,
  how = '',
): Promise<Moved> {
  const { plan, fence } = row.value;
  return move(parts, row, {
    event: { type: 'finish', fence, state, outcome, verifyMs },
    actor,
    facts: {
      type: 'change_outcome',
      summary: `${plan.action}: ${state}${how}`,
      error_code: outcome.error?.code,
      aws: { request_id: outcome.request_id },
    },
    writes: await endWrites(parts, row, state),
  });
}

/** What goes with the end of a change, whenever it is known: what it took is given back, and after a failure its resources rest (G9). */
export function endWrites(
  { store, clock, settings }: GateParts,
  { id, value }: Stored<Approval>,
  state: State,
): Promise<Write[]> {
  const restMs = settings().value.limits.cooldown_minutes * 60_000;
  const arns = value.plan.targets.map(({ arn }) => arn);
  return releaseWrites(store, arns, id, state === 'failed' ? clock.now() + restMs : undefined);
}

function spool({ spool: file, log }: GateParts, { id, value }: Stored<Approval>, sent: Sent): void {
  try {
    file?.add({ change_id: id, fence: value.fence, sent });
  } catch (thrown) {
    // The store is still asked again; a crash now leaves the change unknown.
    log.error({ changeId: id, error: asOpsError(thrown).message }, 'the outcome could not be spooled either');
  }
}

function settle({ spool: file, log }: GateParts, { id, value }: Stored<Approval>): void {
  try {
    file?.settle({ change_id: id, fence: value.fence });
  } catch (thrown) {
    log.warn({ changeId: id, error: asOpsError(thrown).message }, 'the spool will be settled by a sweep');
  }
}
