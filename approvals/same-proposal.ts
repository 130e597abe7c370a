import { z } from 'zod';
import { digest, type JsonObject } from '../lib/json.ts';
import { type Kind, put, type Store, update, type Write } from '../store/store.ts';

export interface Proposed {
  tool: string;
  input: JsonObject;
  account: string;
  region: string;
}

/** The same tool on the same target with the same figures, whatever reason is given. */
export function sameProposal({ tool, input: { reason: _, ...input }, account, region }: Proposed): string {
  return digest('proposal.v1', { tool, input, account, region });
}

const Slot = z.strictObject({ change_id: z.string() });

/** One row for each proposal of each person: of two made in the same moment, one is stored and the other finds it. */
const slotKind: Kind<z.output<typeof Slot>> = { name: 'proposal', schema: Slot, indexes: {} };

export async function takeSlot(store: Store, key: string, changeId: string): Promise<Write> {
  const row = await store.get(slotKind, key);
  const value = { change_id: changeId };
  return row ? update(slotKind, row, value) : put(slotKind, key, value);
}
