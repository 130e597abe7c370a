import type { ApprovalView } from '../../../cards/view.ts';

/** '1 of 2': distinct people who approved, of those needed. */
export function votesOf({ votes, quorum }: Pick<ApprovalView, 'votes' | 'quorum'>): string {
  const people = new Set(votes.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person));
  return `${people.size} of ${quorum}`;
}
