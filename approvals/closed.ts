import type { GateParts } from './gate-parts.ts';
import { readPause } from './pause.ts';
import { type Reason, timeVerdict } from './verdict.ts';

/** Why no change goes on right now, whichever it is: a file that cannot be read, the kill switch, the change windows. */
export async function whyClosed({ settings, peopleState, store, clock }: GateParts): Promise<Reason[]> {
  const unreadable = [settings(), peopleState()].flatMap((watched) =>
    watched.state === 'stale' ? [cannotRead(watched.problem)] : [],
  );
  return [...unreadable, ...timeVerdict(settings().value, await readPause(store), clock.now())];
}

function cannotRead(problem: string): Reason {
  return {
    rule: 'rules-readable',
    because: `${problem}. Changes are paused until it can be read.`,
    next: 'Correct the file; nothing needs a restart. Then ask again.',
    weight: 'void',
  };
}
