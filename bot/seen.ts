import { z } from 'zod';
import { asOpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { type Kind, put, type Store } from '../store/store.ts';

const Seen = z.strictObject({ at: z.number() });
const DAY_MS = 86_400_000;

const seenKind: Kind<z.output<typeof Seen>> = {
  name: 'turn',
  schema: Seen,
  indexes: {},
  expiresAt: ({ at }) => at + DAY_MS,
};

/**
 * Whether this turn is heard for the first time, by any process. When the store does not answer, the turn goes on: reads are
 * still worth answering, and nothing can be changed without the store.
 */
export async function firstHearing(store: Store, log: Log, turnId: string, at: number): Promise<boolean> {
  try {
    return (await store.transact([put(seenKind, sha256Hex(turnId), { at })])).committed;
  } catch (error) {
    log.warn({ turnId, error: asOpsError(error).message }, 'a turn could not be noted as heard');
    return true;
  }
}
