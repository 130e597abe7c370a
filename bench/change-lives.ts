import { type Approval, approvalKind } from '../approvals/approval.ts';
import type { Audit } from '../approvals/audit.ts';
import type { AuditFacts } from '../approvals/audit-record.ts';
import { put, type Stored, update } from '../store/store.ts';
import { instanceId } from './quick-aws.ts';

const AT = '2026-01-05T08:00:00.000Z';
const HASH = 'f'.repeat(64);

/** A reboot of the n-th instance as the gate stores it, all its fields filled. */
function changeOf(n: number): Approval {
  const id = `chg_${String(n).padStart(26, '0')}`;
  const arn = `arn:aws:ec2:eu-west-1:123456789012:instance/${instanceId(n)}`;
  const tags = { Name: `web-${n}`, OpsAgentManaged: 'true', Environment: 'staging' };
  return {
    ...{
      id,
      state: 'pending',
      digest: HASH,
      token_hash: `${n}`.padStart(64, '0'),
      votes: [],
      correlation_id: `cor_${n}`,
    },
    ...{ created_at: AT, updated_at: AT, expires_at: '2026-01-05T09:00:00.000Z', fence: 0, ended_because: [] },
    ...{ asked_in: { channel: 'slack', id: 'T0BENCH01/C0BENCH01' }, asked: [], reminders: 0 },
    plan: {
      ...{
        change_id: id,
        tool: 'reboot_ec2',
        tool_schema_hash: HASH,
        action: `Reboot web-${n}`,
        account: '123456789012',
      },
      ...{
        params: { instance_id: instanceId(n), reason: 'it does not answer' },
        account_alias: 'bench',
        region: 'eu-west-1',
      },
      targets: [{ arn, id: instanceId(n), label: `web-${n}`, tags }],
      ...{ mode: 'SANDBOX_LIVE', changes: [{ field: 'state', before: 'running', after: 'rebooting' }] },
      ...{ snapshot: { state: 'running', launched: AT }, risk: 'medium', risk_reasons: ['not production'] },
      impact: { downtime: '1 to 3 minutes', affected: [`web-${n}`], recovery: 'it starts again by itself' },
      ...{ warnings: [], policy_hash: HASH, quorum: 1, requester: `p${n}@example.com`, reason: 'it does not answer' },
      ...{ created_at: AT, expires_at: '2026-01-05T09:00:00.000Z', nonce: HASH.slice(0, 32) },
    },
  };
}

const STEPS = ['approved', 'executing', 'succeeded'] as const;
/** Proposed, and one for each step. */
export const TRANSITIONS = 1 + STEPS.length;

/** A change from proposal to end: each state with its audit record in one commit, and durable before the next begins. */
export async function liveOut(audit: Audit, n: number): Promise<void> {
  const change = changeOf(n);
  let row: Stored<Approval> = { id: change.id, version: 1, value: change };
  await committed(audit, [put(approvalKind, change.id, change)], factsOf(change, undefined));
  for (const state of STEPS) {
    const next = { ...row.value, state, fence: row.value.fence + 1 };
    await committed(audit, [update(approvalKind, row, next)], factsOf(next, row.value.state));
    row = { id: row.id, version: row.version + 1, value: next };
  }
}

async function committed(audit: Audit, writes: Parameters<Audit['commit']>[0], facts: AuditFacts): Promise<void> {
  const done = await audit.commit(writes, facts);
  if (!done.committed) throw new Error(`a transition was refused: ${done.because}`);
}

function factsOf({ id, plan, state, correlation_id, fence, digest }: Approval, from: string | undefined): AuditFacts {
  return {
    ...{ type: from === undefined ? 'approval_requested' : 'approval_granted', correlation_id, summary: plan.action },
    ...{ tool: plan.tool, change_id: id, from, to: state, fence, plan_digest: digest, policy_hash: plan.policy_hash },
    ...{ targets: plan.targets.map(({ arn }) => arn), account: plan.account, region: plan.region, mode: plan.mode },
  };
}
