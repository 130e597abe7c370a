import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';

/** So many real moments without anybody going to sleep or waking: all that could happen now has happened, commits that may wait too. */
const STILL_TURNS = 3;
const TURN_MS = 6;

/** A clock that goes on by itself to whoever sleeps the shortest, once nothing else happens: hours take milliseconds, in order. */
export function virtualClock(start: number): { clock: Clock; setNow(ms: number): void } {
  const sleepers = new Set<{ due: number; wake: () => void }>();
  let now = start;
  let moves = 0;
  let isTurning = false;

  async function turn(): Promise<void> {
    if (isTurning) return;
    isTurning = true;
    while (sleepers.size > 0) {
      for (let still = 0, seen = moves; still < STILL_TURNS; still += 1) {
        await pause(TURN_MS);
        if (seen !== moves) still = 0;
        seen = moves;
      }
      const [next] = [...sleepers].sort((a, b) => a.due - b.due);
      if (!next) break;
      now = Math.max(now, next.due);
      next.wake();
    }
    isTurning = false;
  }

  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const leave = (then: () => void) => () => {
          moves += 1;
          sleepers.delete(sleeper);
          then();
        };
        const sleeper = { due: now + ms, wake: leave(resolve) };
        sleepers.add(sleeper);
        moves += 1;
        signal?.addEventListener(
          'abort',
          leave(() => reject(signal.reason)),
          { once: true },
        );
        void turn();
      }),
  };
  return {
    clock,
    setNow(ms) {
      now = ms;
    },
  };
}
