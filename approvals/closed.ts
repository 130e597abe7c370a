import type { GateParts } from './gate-parts.ts';
import { readLimits } from './ledger.ts';
import { readPause } from './pause.ts';
import { limitVerdict, type Reason, timeVerdict } from './verdict.ts';

/** Why no change goes on right now, whichever it is: a file that cannot be read, the kill switch, the change windows. */
export async function whyClosed(parts: GateParts): Promise<Reason[]> {
  const { settings, peopleState, changedSource, store, clock } = parts;
  const unreadable = [settings(), peopleState()].flatMap((watched) =>
    watched.state === 'stale' ? [cannotRead(watched.problem)] : [],
  );
  const changed = changedSource?.();
  const foreign = changed === undefined ? [] : [isForeign(changed)];
  return [...unreadable, ...foreign, ...timeVerdict(settings().value, await readPause(store), clock.now())];
}

/** Limits that would stop a change of these resources now; a busy neighbour is waited for and is none of them. */
export async function limitsReached(parts: GateParts, arns: readonly string[], changeId: string): Promise<Reason[]> {
  const now = parts.clock.now();
  const limits = await readLimits(parts.store, arns, changeId, now);
  return limitVerdict(limits, parts.settings().value, now).filter(({ weight }) => weight === 'void');
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
    next: 'Correct the file; nothing needs a restart. Then ask again.',
    weight: 'void',
  };
}
