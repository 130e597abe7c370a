import type { State } from '../../../approvals/approval.ts';

/**
 * Every move of a change and the record that must stand beside it: `from → to: type`. Written down here from the
 * specification, not read from the machine. Two that the specification has are missing, because nothing causes them: a pending
 * change is only invalidated once it is approved and about to run, and `superseded` is no state that anything leads to yet.
 */
export const TRANSITIONS = [
  '∅ → pending: approval_requested',
  'pending → pending: vote_recorded',
  'pending → pending: approval_reminded',
  'pending → approved: approval_granted',
  'pending → rejected: approval_denied',
  'pending → cancelled: approval_cancelled',
  'pending → expired: approval_expired',
  'approved → rejected: approval_denied',
  'approved → cancelled: approval_cancelled',
  'approved → expired: approval_expired',
  'approved → invalidated: change_invalidated',
  'approved → executing: change_intent',
  'executing → succeeded: change_outcome',
  'executing → failed: change_outcome',
  'executing → unknown: change_outcome',
  'executing → unknown: change_lost',
  'unknown → succeeded: change_reconciled',
  'unknown → failed: change_reconciled',
  'unknown → closed_unknown: change_reconciled',
  'succeeded → succeeded: change_verified',
] as const;

const allowed: ReadonlySet<string> = new Set(TRANSITIONS);

export const isAllowed = (transition: string): boolean => allowed.has(transition);

/** All but `superseded`, which waits for a way to edit a proposal. */
export const STATES: readonly State[] = [
  ...(['pending', 'approved', 'executing', 'unknown', 'succeeded', 'failed'] as const),
  ...(['rejected', 'cancelled', 'expired', 'invalidated', 'closed_unknown'] as const),
];
