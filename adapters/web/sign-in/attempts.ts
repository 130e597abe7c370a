import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import { sha256Hex } from '../../../lib/ids.ts';
import { type Kind, put, remove, type Store } from '../../../store/store.ts';

/** So long may somebody take to sign in. */
export const ATTEMPT_MS = 10 * 60_000;

const MINUTE_MS = 60_000;
/** Begun in a minute by one process: anybody may begin, and the store sweeps more than this away. */
export const MOST_A_MINUTE = 300;

const Attempt = z.strictObject({
  /** Hash of the cookie of the browser it began in. */
  browser: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** A path of the console. */
  to: z.string(),
  /** The one person whose sign-in counts. */
  person: z.string().optional(),
  /** The provider was told to ask for the password again. */
  fresh: z.boolean(),
  /** Epoch ms. */
  expires_at: z.number(),
});
export type Attempt = z.output<typeof Attempt>;

/** Named by the hash of its state. */
const attemptKind: Kind<Attempt> = {
  name: 'sign_in_attempt',
  schema: Attempt,
  indexes: {},
  expiresAt: ({ expires_at }) => expires_at,
};

/** Sign-ins under way. Each ends once, in the browser it began in. */
export interface Attempts {
  /** False when too many were begun in this minute. */
  begin(state: string, cookie: string, attempt: Omit<Attempt, 'browser' | 'expires_at'>): Promise<boolean>;
  /** Takes it out; undefined when there is none, it is too old, or it is another browser's. @throws OpsError `store_unavailable` */
  take(state: string, cookie: string): Promise<Attempt | undefined>;
}

export function createAttempts(store: Store, clock: Clock): Attempts {
  let begun = { since: clock.now(), count: 0 };

  function mayBegin(): boolean {
    const now = clock.now();
    if (now - begun.since >= MINUTE_MS) begun = { since: now, count: 0 };
    begun.count += 1;
    return begun.count <= MOST_A_MINUTE;
  }

  return {
    async begin(state, cookie, attempt) {
      if (!mayBegin()) return false;
      const row = { ...attempt, browser: sha256Hex(cookie), expires_at: clock.now() + ATTEMPT_MS };
      return (await store.transact([put(attemptKind, sha256Hex(state), row)])).committed;
    },
    async take(state, cookie) {
      const row = await store.get(attemptKind, sha256Hex(state));
      if (!row || clock.now() >= row.value.expires_at) return undefined;
      if (!timingSafeEqual(Buffer.from(row.value.browser), Buffer.from(sha256Hex(cookie)))) return undefined;
      const { committed } = await store.transact([remove(attemptKind, row)]);
      return committed ? row.value : undefined;
    },
  };
}
