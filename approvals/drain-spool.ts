import { asOpsError } from '../lib/errors.ts';
import type { Stored } from '../store/store.ts';
import type { Approval } from './approval.ts';
import type { GateParts } from './gate-parts.ts';
import { find, type Moved, move } from './moves.ts';
import type { OutcomeSpool, Waiting } from './outcome-spool.ts';
import { commitOutcome, endWrites } from './record-outcome.ts';

/**
 * Brings outcomes that waited in the spool into the store: the call was made and answered, so nothing is sent. Says how many
 * changes moved; what cannot be recorded now stays for the next sweep.
 */
export async function drainSpool(parts: GateParts): Promise<number> {
  const { spool } = parts;
  if (!spool) return 0;
  let moved = 0;
  for (const waiting of readSpool(parts, spool)) {
    try {
      if (await takeUp(parts, spool, waiting)) moved += 1;
    } catch (thrown) {
      const error = asOpsError(thrown).message;
      parts.log.warn({ changeId: waiting.change_id, error }, 'a spooled outcome could not be recorded yet');
    }
  }
  return moved;
}

function readSpool({ log }: GateParts, spool: OutcomeSpool): Waiting[] {
  try {
    return spool.read();
  } catch (thrown) {
    // Changes are paused as long as it cannot be read; what else a sweep does goes on.
    log.error({ error: asOpsError(thrown).message }, 'the spool of outcomes cannot be read');
    return [];
  }
}

async function takeUp(parts: GateParts, spool: OutcomeSpool, waiting: Waiting): Promise<boolean> {
  const { change_id: changeId } = waiting;
  const row = await find(parts.store, changeId);
  const moved = row && (await record(parts, row, waiting));
  if (moved && !moved.moved && moved.refused === 'neighbour') return false;
  spool.settle(waiting);
  if (moved?.moved) return true;
  parts.log.info({ changeId, state: row?.value.state }, 'a spooled outcome was not needed any more');
  return false;
}

/** Undefined where the store knows better. A change that was given up has a fence one higher: what its last holder heard is evidence. */
async function record(parts: GateParts, row: Stored<Approval>, { fence, sent }: Waiting): Promise<Moved | undefined> {
  const { state, fence: now } = row.value;
  if (state === 'executing' && now === fence)
    return commitOutcome(parts, row, undefined, sent, ', from the spool of the process that called');
  if (state !== 'unknown' || now !== fence + 1 || sent.state === 'unknown') return undefined;
  const { outcome, verify_ms: verifyMs } = sent;
  return move(parts, row, {
    event: { type: 'reconcile', state: sent.state, outcome, verifyMs },
    facts: {
      type: 'change_reconciled',
      summary: `The spool of the process that called has the outcome: ${sent.state}`,
      error_code: outcome.error?.code,
      aws: { request_id: outcome.request_id },
    },
    writes: await endWrites(parts, row, sent.state),
  });
}
