import type { GateOutcome } from '../approvals/call.ts';
import type { Answer } from './bot-parts.ts';

/** What the gate answered, as the answer of a turn. */
export function fromGate(outcome: GateOutcome): Answer {
  const { status, view, approvalId } = outcome;
  if (outcome.status === 'done') return { outcome: status, view, approvalId, output: outcome.output };
  if (outcome.status !== 'pending') return { outcome: status, view, approvalId };
  return { outcome: status, view, approvalId, approvalToken: outcome.token, card: cardOf(outcome) };
}

/** Which change, in which version, the view shows: what the posted card has to be kept up with. */
export function cardOf(outcome: GateOutcome): Answer['card'] {
  if (outcome.status === 'denied' || outcome.approvalId === undefined || outcome.version === undefined)
    return undefined;
  return { id: outcome.approvalId, version: outcome.version };
}
