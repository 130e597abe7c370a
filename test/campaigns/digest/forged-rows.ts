import { z } from 'zod';
import { approvalKind } from '../../../approvals/approval.ts';
import { type Plan, planDigest } from '../../../approvals/plan.ts';
import { OpsError } from '../../../lib/errors.ts';
import type { AnyKind, Store } from '../../../store/store.ts';
import type { Random } from '../../adapters/slack/seeded.ts';
import { CALLS, createHouse, decide, type House, propose } from '../../approvals/house.ts';
import { approvalsReadAs } from '../approvals-read-as.ts';

/** Before anybody said yes, between two who did, or after all of them and before the claim. */
export const MOMENTS = ['before the vote', 'between two votes', 'before the claim'] as const;
type Moment = (typeof MOMENTS)[number];

export type Rewrite = (random: Random, plan: Plan) => Plan;

/**
 * A change whose stored plan is rewritten behind the gate's back; then people and a sweep do all that makes it run. Returns how
 * often AWS was called. `check: 'off'`: the house believes whatever digest the forged plan has.
 */
export async function runForged(random: Random, rewrite: Rewrite, check: 'on' | 'off'): Promise<number> {
  const house = await createHouse({ through: check === 'off' ? withoutDigestCheck : undefined });
  const moment = random.pick(MOMENTS);
  const call = moment === 'between two votes' ? CALLS.high : random.pick([CALLS.low, CALLS.medium, CALLS.high]);
  const voters = call === CALLS.high ? ['dave', 'erin'] : ['bob'];
  const { id } = await propose(house, call);
  await forgeAt(house, id, moment, { voters, forge: (plan) => rewrite(random, plan) });
  for (const voter of [...voters, 'bob']) await decide(house, voter, id);
  house.setNow(house.clock.now() + 5_000);
  await sweepAsFarAsItReads(house);
  await house.gate.idle();
  await house.store.close();
  return house.aws.writes.length;
}

/** A row that is no change at all stops a sweep, which tries again later: nothing runs meanwhile. */
async function sweepAsFarAsItReads({ gate }: House): Promise<void> {
  try {
    await gate.sweep(new AbortController().signal);
  } catch (thrown) {
    if (!(thrown instanceof OpsError) || thrown.code !== 'store_corrupt') throw thrown;
  }
}

interface Forgery {
  voters: readonly string[];
  forge: (plan: Plan) => Plan;
}

async function forgeAt(house: House, id: string, moment: Moment, { voters, forge }: Forgery): Promise<void> {
  if (moment === 'between two votes') await decide(house, voters[0] ?? '', id);
  if (moment !== 'before the claim') return forgeRow(house.store, id, forge);
  const dies = new Error('killed by the campaign');
  house.parts.crash = (point) => {
    if (point === 'P5') throw dies;
  };
  for (const voter of voters) await decide(house, voter, id);
  house.parts.crash = () => {};
  return forgeRow(house.store, id, forge);
}

/** Past every schema and every list, as somebody with a database tool would. */
async function forgeRow(store: Store, id: string, forge: (plan: Plan) => Plan): Promise<void> {
  const row = await store.get(approvalKind, id);
  if (!row) throw new Error(`there is no ${id}`);
  const lists = Object.entries(approvalKind.indexes).map(([name, keyOf]) => [name, () => keyOf(row.value)]);
  const kind: AnyKind = { name: approvalKind.name, schema: z.unknown(), indexes: Object.fromEntries(lists) };
  const value = { ...row.value, plan: forge(row.value.plan) };
  await store.transact([{ op: 'update', kind, id, version: row.version, value }]);
}

/** The sabotage: each row is read with the digest of the plan that is in it now. */
export const withoutDigestCheck = approvalsReadAs((approval) => {
  const digest = planDigest(approval.plan);
  return { ...approval, digest, votes: approval.votes.map((vote) => ({ ...vote, digest })) };
});
