import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { type Kind, put, remove, type Store } from './store.ts';

const trialKind: Kind<'trial'> = { name: 'trial', schema: z.literal('trial'), indexes: {} };

/**
 * Writes a row of its own, reads it and takes it out again: that is what a store is for.
 *
 * @throws OpsError `store_unavailable`
 */
export async function writeAndRemove(store: Store): Promise<void> {
  const id = randomUUID();
  await store.transact([put(trialKind, id, 'trial')]);
  const row = await store.get(trialKind, id);
  const taken = row && (await store.transact([remove(trialKind, row)]));
  if (taken?.committed) return;
  throw new OpsError('store_unavailable', 'The store does not give back what was written to it.', {
    hint: 'Check that STORE leads to a store of this OpsAgent alone.',
  });
}
