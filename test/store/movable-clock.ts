import type { Clock } from '../../lib/clock.ts';

/** A clock that stands still until it is set. */
export function movableClock(start = 0): { clock: Clock; setNow(ms: number): void } {
  let now = start;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  return {
    clock,
    setNow(ms) {
      now = ms;
    },
  };
}
