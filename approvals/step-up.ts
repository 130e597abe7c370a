import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Risk } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import { type Kind, put, type Store } from '../store/store.ts';

/** A yes to one of these counts only with a sign-in that is fresh. */
export const STEP_UP_RISKS: readonly Risk[] = ['high', 'critical'];
/** So long a sign-in is fresh, and so long a link to one works. */
export const STEP_UP_MS = 5 * 60_000;
/** The provider's clock may be ahead of ours by this. */
const SKEW_MS = 60_000;

/** What a link is for: this person, this change, as it was shown. */
export interface StepUpWanted {
  person: string;
  change: string;
  digest: string;
}

/** Person, change, digest, and until when in epoch ms. A list: an object in base64 would look like a JWT, which is kept off cards. */
const Body = z.tuple([z.string(), z.string(), z.string(), z.number()]);

/** Links that lead one person to a fresh sign-in for one change. Whoever has the link still has to sign in as that person. */
export interface StepUp {
  /** Undefined where nobody knows under which address the console is reached. @throws OpsError `store_unavailable` */
  link(person: string, change: { id: string; digest: string }): Promise<string | undefined>;
  /** What a token of such a link says; undefined when it is not ours, or too old. @throws OpsError `store_unavailable` */
  open(token: string): Promise<StepUpWanted | undefined>;
}

const Key = z.strictObject({ key: z.string() });

/** One for all processes on a store; made by the first that needs it. */
const keyKind: Kind<z.output<typeof Key>> = { name: 'step_up_key', schema: Key, indexes: {} };
const KEY_ID = 'v1';

const LONGEST_TOKEN = 1_000;

export function createStepUp({
  store,
  clock,
  consoleUrl,
}: {
  store: Store;
  clock: Clock;
  consoleUrl?: string;
}): StepUp {
  const sign = async (body: string): Promise<Buffer> =>
    createHmac('sha256', await keyOf(store))
      .update(`step-up.v1.${body}`)
      .digest();
  return {
    async link(person, { id, digest }) {
      if (consoleUrl === undefined) return undefined;
      const says: z.input<typeof Body> = [person, id, digest, clock.now() + STEP_UP_MS];
      const body = Buffer.from(JSON.stringify(says)).toString('base64url');
      const signature = (await sign(body)).toString('base64url');
      return `${consoleUrl}/approvals/${encodeURIComponent(id)}?step_up=${body}.${signature}`;
    },
    async open(token) {
      const [, body, signature] = /^([\w-]+)\.([\w-]{43})$/.exec(token.slice(0, LONGEST_TOKEN)) ?? [];
      if (body === undefined || signature === undefined) return undefined;
      if (!timingSafeEqual(await sign(body), Buffer.from(signature, 'base64url'))) return undefined;
      const [person, change, digest, expires] = Body.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
      return clock.now() < expires ? { person, change, digest } : undefined;
    },
  };
}

async function keyOf(store: Store): Promise<Buffer> {
  const row = await store.get(keyKind, KEY_ID);
  if (row) return Buffer.from(row.value.key, 'base64url');
  await store.transact([put(keyKind, KEY_ID, { key: randomBytes(32).toString('base64url') })]);
  // Another process may have been first.
  return keyOf(store);
}

/** Whether a person typed a password or the like in the console itself, just now. Anything unreadable is not fresh. */
export function isFreshSignIn({ auth, signedInAt = Number.NaN }: { auth: string; signedInAt?: number }, now: number) {
  const age = now - signedInAt;
  return auth === 'oidc' && age >= -SKEW_MS && age < STEP_UP_MS;
}
