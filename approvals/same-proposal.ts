import { z } from 'zod';
import { digest, type JsonObject } from '../lib/json.ts';
import { type Kind, put, type Store, type Stored, update, type Write } from '../store/store.ts';
import { type Approval, approvalKind } from './approval.ts';

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

const SlotRow = z.strictObject({ change_id: z.string() });

/** One row for each proposal of each person: of two made in the same moment, one is stored and the other finds it. */
const slotKind: Kind<z.output<typeof SlotRow>> = { name: 'proposal', schema: SlotRow, indexes: {} };

export interface Slot {
  /** The change that was last proposed so, while it waits for a decision. */
  waiting: Stored<Approval> | undefined;
  /** The write that makes another change the one; it conflicts when somebody was quicker. */
  take(changeId: string): Write;
}

/** The row is read before the change it names: whoever proposes the same in between moves the row, and `take` conflicts. */
export async function readSlot(store: Store, key: string, now: number): Promise<Slot> {
  const row = await store.get(slotKind, key);
  const last = row && (await store.get(approvalKind, row.value.change_id));
  return {
    waiting: last?.value.state === 'pending' && now < Date.parse(last.value.expires_at) ? last : undefined,
    take(changeId) {
      const value = { change_id: changeId };
      return row ? update(slotKind, row, value) : put(slotKind, key, value);
    },
  };
}
