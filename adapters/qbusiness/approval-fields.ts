import type { ApprovalView } from '../../cards/view.ts';
import type { JsonObject } from '../../lib/json.ts';
import { utc } from '../../lib/utc.ts';

const ENDED_BADLY: ReadonlySet<ApprovalView['state']> = new Set([
  'failed',
  'unknown',
  'invalidated',
  'expired',
  'superseded',
  'closed_unknown',
]);

/** Whether a change is where whoever proposed or decided it wanted it to be. */
export const isWell = ({ state }: ApprovalView): boolean => !ENDED_BADLY.has(state);

/** What every answer about a change has beside the usual, all of it flat text (Q1, G6). */
export function approvalFields(view: ApprovalView, token: string | undefined): JsonObject {
  const waits = view.state === 'pending';
  return {
    approval_id: view.approvalId,
    approval_required: waits,
    ...(waits && token !== undefined && { approval_token: token }),
    expires_at: view.expiresAt,
    action_summary: [
      view.action,
      ...view.changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`),
    ].join('; '),
    risk_level: view.risk,
    impact_assessment: impactOf(view),
    ...(waits && { instructions: instructionsOf(view, token) }),
    ...(!waits && executionOf(view)),
  };
}

function impactOf({ impact, risk, riskReasons, warnings }: ApprovalView): string {
  const { downtime, affected, recovery } = impact;
  return [
    `Downtime: ${downtime}.`,
    `Affected: ${affected.join(', ') || 'nothing else'}.`,
    `Recovery: ${recovery}`,
    `Risk ${risk}: ${riskReasons.join('; ')}.`,
    ...warnings,
  ].join(' ');
}

function instructionsOf(
  { approvalId, mayApprove, expiresAt, quorum, votes }: ApprovalView,
  token: string | undefined,
): string {
  const people = quorum === 1 ? '1 person' : `${quorum} different people`;
  const how = token === undefined ? 'the token that the first answer had' : 'the approval_token';
  return [
    `Nothing has been changed. ${people} must approve, ${votes.length} have so far: ${mayApprove}.`,
    `Until ${utc(expiresAt)} they approve with approve_change (POST /operations/approve) and ${how}, or in the chat with: approve ${approvalId}.`,
    'reject_change with a reason stops it.',
  ].join(' ');
}

/** Present once nobody is asked any more. */
function executionOf(view: ApprovalView): JsonObject {
  const { state, action, outcome, approvalId } = view;
  const executed = state === 'succeeded' && view.source?.mode !== 'DRY_RUN';
  return {
    ...(executed && { action_executed: action }),
    execution_details: outcome.join(' ') || DETAILS[state] || 'Nothing was executed.',
    monitoring: monitoringOf(view, `get_change_status with approval_id ${approvalId}`),
  };
}

const DETAILS: Partial<Record<ApprovalView['state'], string>> = {
  approved: 'Approved; it is about to be executed.',
  executing: 'It is being executed now.',
  rejected: 'Rejected; nothing was executed.',
  cancelled: 'Cancelled; nothing was executed.',
};

function monitoringOf({ state, status }: ApprovalView, look: string): string {
  if (state === 'approved' || state === 'executing')
    return `It goes on by itself. Ask again in half a minute: ${look}.`;
  if (state !== 'succeeded') return 'Nothing is being watched.';
  if (status === 'waiting') return `Its effect is being looked for. Ask again in a minute: ${look}.`;
  return status === 'good'
    ? 'Its effect was looked for and is there.'
    : 'Its effect could not be confirmed; execution_details says what was seen.';
}
