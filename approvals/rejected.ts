import { z } from 'zod';
import { type Kind, put, type Store, update, type Write } from '../store/store.ts';
import { type Proposed, sameProposal } from './same-proposal.ts';

/** An identical proposal is refused for this long after a rejection (G7). */
const REST_MS = 60_000;

const Rejection = z.strictObject({ change_id: z.string(), until: z.string() });

const rejectionKind: Kind<z.output<typeof Rejection>> = {
  name: 'rejection',
  schema: Rejection,
  indexes: {},
  expiresAt: ({ until }) => Date.parse(until),
};

/** `proposal`: what `sameProposal` makes of it. */
export async function wasJustRejected(store: Store, proposal: string, now: number): Promise<boolean> {
  const row = await store.get(rejectionKind, proposal);
  return row !== undefined && now < Date.parse(row.value.until);
}

export async function rejectionWrite(store: Store, proposed: Proposed, changeId: string, now: number): Promise<Write> {
  const id = sameProposal(proposed);
  const value = { change_id: changeId, until: new Date(now + REST_MS).toISOString() };
  const row = await store.get(rejectionKind, id);
  return row ? update(rejectionKind, row, value) : put(rejectionKind, id, value);
}
