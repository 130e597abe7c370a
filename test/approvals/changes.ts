import type { Approval, CountedVote, Outcome, State } from '../../approvals/approval.ts';
import { type Plan, planDigest } from '../../approvals/plan.ts';
import { NOON } from './house.ts';

export const at = (ms: number): string => new Date(ms).toISOString();

export const plan: Plan = {
  change_id: 'chg-0123456789ab',
  tool: 'reboot_ec2',
  tool_schema_hash: 'a'.repeat(64),
  params: { instance_id: 'i-0bad5eed2c0ffee02', nested: { list: [1, 'two', null] } },
  action: 'Reboot EC2 instance i-0bad5eed2c0ffee02 (web-2)',
  targets: [
    {
      arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0bad5eed2c0ffee02',
      id: 'i-0bad5eed2c0ffee02',
      label: 'web-2',
      tags: { OpsAgentManaged: 'true', Environment: 'staging' },
    },
  ],
  account: '111122223333',
  account_alias: 'acme-sandbox',
  region: 'eu-west-1',
  mode: 'LOCAL_MOCK',
  changes: [{ field: 'state', before: 'running', after: 'rebooting, then running' }],
  snapshot: { id: 'i-0bad5eed2c0ffee02', state: 'running' },
  risk: 'medium',
  risk_reasons: ['The instance is not reachable while it reboots.'],
  impact: { downtime: 'about 1–5 minutes', affected: ['web'], recovery: 'It comes back by itself.' },
  warnings: ['one warning'],
  policy_hash: 'b'.repeat(64),
  quorum: 1,
  requester: 'alice@example.com',
  reason: 'it hangs',
  created_at: at(NOON),
  expires_at: at(NOON + 15 * 60_000),
  nonce: 'n-0123456789ab',
};

export const outcome: Outcome = { at: at(NOON), lines: ['said by the test'] };

/** A change in a state, as far as its own fields go. */
export function change(state: State, patch: Partial<Approval> = {}): Approval {
  const theirs = patch.plan ?? plan;
  return {
    id: theirs.change_id,
    state,
    plan: theirs,
    digest: planDigest(theirs),
    token_hash: 'c'.repeat(64),
    votes: [],
    correlation_id: 'corr-1',
    created_at: theirs.created_at,
    updated_at: theirs.created_at,
    expires_at: theirs.expires_at,
    exec_deadline: state === 'pending' ? undefined : at(NOON + 120_000),
    fence: 1,
    ended_because: [],
    asked_in: { channel: 'web', id: '#ops' },
    asked: [],
    reminders: 0,
    ...patch,
  };
}

export function vote(
  person: string,
  verdict: CountedVote['verdict'] = 'approve',
  digest = planDigest(plan),
): CountedVote {
  return { person, name: person, verdict, at: at(NOON), digest, reason: verdict === 'reject' ? 'no' : undefined };
}
