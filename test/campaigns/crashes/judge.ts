import { type Approval, approvalKind } from '../../../approvals/approval.ts';
import { type AuditRecord, auditKind } from '../../../approvals/audit-record.ts';
import { verifyChain } from '../../../approvals/audit-verify.ts';
import type { Store } from '../../../store/store.ts';
import type { Reboot } from '../../e2e/aws-oracle.ts';
import type { ChatLine, Said } from './life-plan.ts';

/** What was found when all had come to rest; each line is one fault. */
export interface Verdict {
  changes: number;
  calls: number;
  unknown: number;
  doubleCalls: string[];
  /** Of what was answered, called or ended, the chain has no record; or the chain is broken. */
  lostRecords: string[];
  /** Neither at an end nor reported as unknown, or the requester was not told. */
  unsettled: string[];
  /** Said to be done, and AWS was never called. */
  falselyDone: string[];
}

interface Evidence {
  store: Store;
  reboots: readonly Reboot[];
  chat: readonly ChatLine[];
  said: readonly Said[];
}

export async function judge({ store, reboots, chat, said }: Evidence): Promise<Verdict> {
  const changes = await allChanges(store);
  const verdict: Verdict = {
    ...{ changes: changes.length, calls: reboots.length, unknown: 0 },
    ...{ doubleCalls: [], lostRecords: [], unsettled: [], falselyDone: [] },
  };
  for (const change of changes) {
    const page = await store.query(auditKind, { index: 'by_change', partition: change.id, limit: 200 });
    const records = page.rows.map(({ value }) => value);
    const calls = reboots.filter(({ id }) => change.plan.targets.some(({ arn }) => arn.endsWith(id))).length;
    const answers = said.filter((one) => one.change === change.id);
    judgeCalls(verdict, change, calls);
    judgeRecords(verdict, change, { calls, records, answers });
    judgeEnd(verdict, change, chat);
  }
  const known = new Set(changes.map(({ id }) => id));
  for (const one of said)
    if (!known.has(one.change)) verdict.lostRecords.push(`${one.change} was ${one.said} and is gone`);
  const { firstBad } = await verifyChain(store);
  if (firstBad) verdict.lostRecords.push(`the chain is broken: ${firstBad.because}`);
  return verdict;
}

async function allChanges(store: Store): Promise<Approval[]> {
  const changes: Approval[] = [];
  let after: string | undefined;
  do {
    const page = await store.query(approvalKind, { index: 'by_update', partition: 'all', limit: 200, after });
    changes.push(...page.rows.map(({ value }) => value));
    after = page.next;
  } while (after);
  return changes;
}

function judgeCalls(verdict: Verdict, { id, state }: Approval, calls: number): void {
  if (calls > 1) verdict.doubleCalls.push(`${id} was called ${calls} times`);
  if (calls === 0 && state === 'succeeded') verdict.falselyDone.push(`${id} is said to be done and was never called`);
}

interface Traces {
  calls: number;
  records: readonly AuditRecord[];
  answers: readonly Said[];
}

const ENDS: readonly AuditRecord['type'][] = ['change_outcome', 'change_lost', 'change_reconciled'];

function judgeRecords(
  { lostRecords }: Verdict,
  { id, votes, state }: Approval,
  { calls, records, answers }: Traces,
): void {
  const count = (...types: AuditRecord['type'][]) => records.filter(({ type }) => types.includes(type)).length;
  const intents = count('change_intent');
  const voted = answers.filter(({ said }) => said === 'voted').length;
  if (count('approval_requested') !== 1) lostRecords.push(`${id} has no record of its proposal`);
  if (count('vote_recorded', 'approval_granted') !== votes.length)
    lostRecords.push(`${id} has a vote without a record`);
  if (votes.length < voted) lostRecords.push(`${id}: a vote that was counted is gone`);
  if (calls > 0 && intents !== 1) lostRecords.push(`${id} was called with ${intents} records of the intent`);
  if (['succeeded', 'failed', 'unknown'].includes(state) && count(...ENDS) === 0)
    lostRecords.push(`${id} is ${state} without a record`);
}

function judgeEnd(verdict: Verdict, { id, state, plan }: Approval, chat: readonly ChatLine[]): void {
  if (state === 'unknown' || state === 'closed_unknown') verdict.unknown += 1;
  if (['pending', 'approved', 'executing'].includes(state)) verdict.unsettled.push(`${id} is still ${state}`);
  const told = chat.some(
    ({ channel, kind, title }) => channel === 'race' && kind === 'message' && title === plan.action,
  );
  if (!told) verdict.unsettled.push(`nobody was told how ${id} ended: ${state}`);
}
