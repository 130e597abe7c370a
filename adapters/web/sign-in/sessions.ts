import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import { sha256Hex } from '../../../lib/ids.ts';
import { type Kind, put, remove, type Store, type Stored, update } from '../../../store/store.ts';
import { newSecret } from './cookies.ts';

const HOUR_MS = 3_600_000;
/** From the sign-in, whatever is done. */
export const LONGEST_MS = 12 * HOUR_MS;
/** Without a request. */
export const IDLE_MS = 8 * HOUR_MS;
/** Its last use is known to this. */
const SEEN_EVERY_MS = 5 * 60_000;

const Session = z.strictObject({
  person: z.string(),
  /** Epoch ms, as are the others. */
  created_at: z.number(),
  seen_at: z.number(),
  /** When the provider says that the person proved who they are; absent where it does not say. */
  signed_in_at: z.number().optional(),
  /** What the browser calls itself, shortened. */
  browser: z.string(),
});
export type Session = z.output<typeof Session>;

/** Named by the hash of what the cookie holds, so that whoever reads the store cannot be anybody. */
export const sessionKind: Kind<Session> = {
  name: 'web_session',
  schema: Session,
  indexes: {
    by_person: ({ person, created_at }) => ({ partition: person, sort: new Date(created_at).toISOString() }),
  },
  expiresAt: ({ created_at }) => created_at + LONGEST_MS,
};

/** Who is signed in where. All of it @throws OpsError `store_unavailable`: then nobody is anybody. */
export interface Sessions {
  /** A new secret each time, so that one planted before the sign-in is worth nothing after it (SAFETY E6). */
  begin(session: Pick<Session, 'person' | 'signed_in_at' | 'browser'>): Promise<string>;
  /** The live session of a cookie; using it keeps it from idling out. */
  use(secret: string): Promise<Stored<Session> | undefined>;
  isLive(id: string): Promise<boolean>;
  /** Newest first, the live ones. */
  of(person: string): Promise<Stored<Session>[]>;
  /** False when it had ended before. */
  end(id: string): Promise<boolean>;
}

/** Epoch ms. */
export const endOf = ({ created_at, seen_at }: Session): number => Math.min(created_at + LONGEST_MS, seen_at + IDLE_MS);

export function createSessions(store: Store, clock: Clock): Sessions {
  const isLive = ({ value }: Stored<Session>) => clock.now() < endOf(value);

  const find = async (id: string) => {
    const row = await store.get(sessionKind, id);
    return row && isLive(row) ? row : undefined;
  };

  return {
    async begin(session) {
      const secret = newSecret();
      const now = clock.now();
      await store.transact([put(sessionKind, sha256Hex(secret), { ...session, created_at: now, seen_at: now })]);
      return secret;
    },
    async use(secret) {
      const row = await find(sha256Hex(secret));
      if (!row || clock.now() < row.value.seen_at + SEEN_EVERY_MS) return row;
      const seen = { ...row.value, seen_at: clock.now() };
      // Lost to another request of the same moment: that one has said it.
      await store.transact([update(sessionKind, row, seen)], { mayWait: true });
      return { ...row, value: seen };
    },
    isLive: async (id) => (await find(id)) !== undefined,
    async of(person) {
      const page = { index: 'by_person', partition: person, newestFirst: true, limit: 200 };
      return (await store.query(sessionKind, page)).rows.filter(isLive);
    },
    async end(id) {
      for (;;) {
        const row = await store.get(sessionKind, id);
        if (!row) return false;
        // Only a use of it in this moment can be in the way.
        if ((await store.transact([remove(sessionKind, row)])).committed) return true;
      }
    },
  };
}

/** What a page shows to prove that it could read an answer of ours: from the cookie, which no page can read. */
export const csrfToken = (secret: string): string => createHmac('sha256', secret).update('csrf').digest('base64url');

export function isCsrfToken(secret: string, shown: unknown): boolean {
  if (typeof shown !== 'string') return false;
  return timingSafeEqual(Buffer.from(sha256Hex(shown)), Buffer.from(sha256Hex(csrfToken(secret))));
}
