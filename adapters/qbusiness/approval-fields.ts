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
    `Nothing has been changed. ${people} must approve, ${votes.length} ${votes.length === 1 ? 'has' : 'have'} so far: ${mayApprove}.`,
    `Until ${utc(expiresAt)} they approve with approve_change (POST /operations/approve) and ${how}, or in the chat with: approve ${approvalId}.`,
    'reject_change with a reason stops it.',
  ].join(' ');
}

/** Present once nobody is asked any more. */
function executionOf(view: ApprovalView): JsonObject {
  const { state, action, outcome, approvalId } = view;
  const executed = state === 'succeeded' && !isDryRun(view);
  return {
    ...(executed && { action_executed: action }),
    execution_details: outcome.join(' ') || DETAILS[state],
    monitoring: monitoringOf(view, `get_change_status with approval_id ${approvalId}`),
  };
}

/** For the states whose record says nothing more. */
const DETAILS: Record<ApprovalView['state'], string> = {
  pending: 'Nothing was executed yet.',
  approved: 'Approved; it is about to be executed.',
  executing: 'It is being executed now.',
  rejected: 'Rejected; nothing was executed.',
  cancelled: 'Cancelled; nothing was executed.',
  expired: 'Expired; nothing was executed.',
  invalidated: 'Something changed since it was proposed; nothing was executed.',
  superseded: 'Another change took its place; nothing was executed.',
  succeeded: 'It was executed.',
  failed: 'It failed.',
  unknown: 'It may or may not have been executed.',
  closed_unknown: 'It was never found out whether it was executed.',
};

const isDryRun = ({ source }: ApprovalView): boolean => source?.mode === 'DRY_RUN';

function monitoringOf(view: ApprovalView, look: string): string {
  const { state, status } = view;
  if (state === 'approved' || state === 'executing')
    return `It goes on by itself. Ask again in half a minute: ${look}.`;
  if (state === 'unknown') return `Evidence is being looked for. Look at the resource, and ask again: ${look}.`;
  if (state !== 'succeeded' || isDryRun(view)) return 'There is no effect to look for.';
  if (status === 'waiting') return `Its effect is being looked for. Ask again in a minute: ${look}.`;
  return status === 'good'
    ? 'Its effect was looked for and is there.'
    : 'Its effect could not be confirmed; execution_details says what was seen.';
}
