import { asOpsError } from '../lib/errors.ts';
import type { GateParts } from './gate-parts.ts';
import { readLimits } from './ledger.ts';
import type { OutcomeSpool } from './outcome-spool.ts';
import { readPause } from './pause.ts';
import { limitVerdict, type Reason, timeVerdict } from './verdict.ts';

/** Why no change goes on right now, whichever it is: a file that cannot be read, the kill switch, the change windows. */
export async function whyClosed(parts: GateParts): Promise<Reason[]> {
  const { settings, peopleState, store, clock } = parts;
  const unreadable = [settings(), peopleState()].flatMap((watched) =>
    watched.state === 'stale' ? [cannotRead(watched.problem)] : [],
  );
  return [...unreadable, ...troubleHere(parts), ...timeVerdict(settings().value, await readPause(store), clock.now())];
}

/** What this process itself holds changes up for, of which no file and nobody's pause tells: its program was changed, an outcome is owed. */
export function troubleHere({ changedSource, spool }: Pick<GateParts, 'changedSource' | 'spool'>): Reason[] {
  const changed = changedSource?.();
  return [...(changed === undefined ? [] : [isForeign(changed)]), ...(spool ? waitingIn(spool) : [])];
}

/** Limits that would stop a change of these resources now; a busy neighbour is waited for and is none of them. */
export async function limitsReached(parts: GateParts, arns: readonly string[], changeId: string): Promise<Reason[]> {
  const now = parts.clock.now();
  const limits = await readLimits(parts.store, arns, changeId, now);
  return limitVerdict(limits, parts.settings().value, now).filter(({ weight }) => weight === 'void');
}

/** While the store owes the record of one call, no other is made (SAFETY §5.4). */
function waitingIn(spool: OutcomeSpool): Reason[] {
  try {
    const [first] = spool.read();
    if (!first) return [];
    const because = `The outcome of ${first.change_id} could not be recorded yet. Changes are paused until it is.`;
    const next = 'Make sure that the store has room and answers, then try again in a minute.';
    return [{ rule: 'outcomes-recorded', because, next, weight: 'wait' }];
  } catch (thrown) {
    const { message, hint } = asOpsError(thrown);
    return [{ rule: 'outcomes-recorded', because: message, next: hint, weight: 'wait' }];
  }
}

function isForeign(path: string): Reason {
  return {
    rule: 'sources-unchanged',
    because: `${path} was changed on disk while OpsAgent runs. Changes are paused, because what was approved may not be what would run.`,
    next: 'If the change is meant, start OpsAgent again; if not, find out who made it.',
    weight: 'void',
  };
}

function cannotRead(problem: string): Reason {
  return {
    rule: 'rules-readable',
    because: `${problem}. Changes are paused until it can be read.`,
    next: 'Correct it where it is kept; nothing needs a restart. Then ask again.',
    weight: 'void',
  };
}
