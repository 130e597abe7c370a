import type { Clock } from '../../lib/clock.ts';

/** Slack sends at most 30,000 events an hour to one workspace's app: this holds the ten minutes of several. */
const most = 20_000;
const prunedAtOnce = 8;

/**
 * Signatures that were accepted while they are still fresh. Only genuine ones get in, so nobody else can fill it. Bounded:
 * across processes, restarts and past the bound the turn's id in the store keeps a replay without effect.
 */
export function createSeenSignatures(clock: Clock) {
  const freshUntil = new Map<string, number>();
  const prune = (): void => {
    const now = clock.now();
    let left = prunedAtOnce;
    for (const [signature, until] of freshUntil) {
      if (left-- === 0 || (until > now && freshUntil.size < most)) return;
      freshUntil.delete(signature);
    }
  };
  return {
    /** False when this signature was accepted before. `until` is epoch ms. */
    first(signature: string | undefined, until: number): boolean {
      if (signature === undefined || freshUntil.has(signature)) return false;
      prune();
      freshUntil.set(signature, until);
      return true;
    },
  };
}
