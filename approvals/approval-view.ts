import type { Action, ApprovalView, Status } from '../cards/view.ts';
import { utc } from '../lib/utc.ts';
import type { Approval } from './approval.ts';

interface Extras {
  /** Only for the requester, at the proposal. */
  token?: string;
  /** Roles that may decide, in words, and the people who have them. */
  mayApprove?: string;
  deciders?: string[];
  /** The command that takes the change back, offered after success. */
  undo?: string;
  consoleUrl?: string;
}

/** The card of a change in whatever state it is, from the stored record alone (G6). */
export function approvalView(approval: Approval, extras: Extras = {}): ApprovalView {
  const { plan, state } = approval;
  const [target] = plan.targets;
  return {
    kind: 'approval',
    title: plan.action,
    status: statusOf(approval),
    source: {
      account: plan.account,
      accountAlias: plan.account_alias,
      region: plan.region,
      at: (approval.verified ?? approval.outcome)?.at ?? plan.created_at,
      mode: plan.mode,
    },
    correlationId: approval.correlation_id,
    approvalId: approval.id,
    state,
    action: plan.action,
    target: target?.label ? `${target.label} (${target.arn})` : (target?.arn ?? ''),
    changes: plan.changes,
    risk: plan.risk,
    riskReasons: plan.risk_reasons,
    impact: plan.impact,
    requester: plan.requester,
    reason: plan.reason,
    expiresAt: plan.expires_at,
    digestPrefix: approval.digest.slice(0, 12),
    quorum: plan.quorum,
    votes: approval.votes.map(({ name, verdict, at, reason }) => ({ person: name, verdict, at, reason })),
    mayApprove: extras.mayApprove ?? 'the people the policy names',
    deciders: extras.deciders,
    warnings: plan.mode === 'DRY_RUN' ? ['Dry run: the last step is not taken.', ...plan.warnings] : plan.warnings,
    outcome: outcomeLines(approval),
    token: extras.token,
    actions: [...actionsOf(approval, extras.undo), ...looks(approval, extras)],
  };
}

/** Sent is not done: an executed change is good once its effect was seen, or nothing was to be seen (dry run). */
function statusOf({ state, verified }: Approval): Status | undefined {
  if (state !== 'succeeded') return undefined;
  if (!verified || verified.state === 'confirmed') return 'good';
  return verified.state === 'waiting' ? 'waiting' : 'warning';
}

/** What happened, from the store and AWS evidence only. */
function outcomeLines({ state, ended_because, outcome, verified, plan, id }: Approval): string[] {
  const lines: string[] = [];
  if (state === 'expired' && ended_because.length === 0)
    lines.push(`Nobody decided before ${utc(plan.expires_at)}. Propose it again if it is still wanted.`);
  // What to expect is of no more use once it was seen.
  const sent = verified?.state === 'confirmed' ? [`Sent ${utc(outcome?.at ?? '')}.`] : (outcome?.lines ?? []);
  lines.push(...ended_because, ...sent);
  if (outcome?.error) lines.push(`${outcome.error.message} ${outcome.error.hint}`);
  if (outcome?.request_id) lines.push(`AWS request id ${outcome.request_id}.`);
  if (verified) lines.push(verified.text);
  if (state === 'unknown') {
    if (!outcome) lines.push(`OpsAgent stopped while ${id} was being sent.`);
    lines.push('It may or may not have happened; it is not sent again. Look at the resource before asking anew.');
  }
  return lines;
}

function actionsOf({ state, id, digest, verified }: Approval, undo: string | undefined): Action[] {
  if (state === 'pending') {
    const press = { kind: 'decide' as const, approvalId: id, digest };
    return [
      { ...press, label: 'Approve', verdict: 'approve', style: 'primary', reason: 'none' },
      { ...press, label: 'Reject', verdict: 'reject', style: 'danger', reason: 'required' },
      { ...press, label: 'Cancel my request', verdict: 'cancel', reason: 'none' },
    ];
  }
  if (undo && state === 'succeeded' && verified?.state !== 'waiting')
    return [{ kind: 'say', label: 'Undo', text: undo }];
  return [];
}

/** Ways to see more; they decide nothing. */
function looks({ id }: Approval, { consoleUrl }: Extras): Action[] {
  const details: Action = { kind: 'say', label: 'Details', text: `details ${id}` };
  return consoleUrl
    ? [details, { kind: 'link', label: 'Open in console', url: consoleLink(consoleUrl, id) }]
    : [details];
}

function consoleLink(consoleUrl: string, id: string): string {
  return `${consoleUrl}/#/approvals/${id}`;
}
