import type { ApprovalView, MenuView, QuestionView, RefusalView, TableView } from '../cards/view.ts';
import type { MenuReason, Understanding } from './understand/understanding.ts';

const WHY: Record<MenuReason, { title: string; body: string }> = {
  greeting: {
    title: 'Hello',
    body: 'I read AWS for you at once, and turn every change into a card that somebody approves. For example:',
  },
  empty: { title: 'Nothing to do', body: 'Your message was empty. For example:' },
  too_long: {
    title: 'That is too long for me',
    body: 'Keep it under 4,000 characters and say one thing at a time. Nothing was done. For example:',
  },
  unknown: { title: 'I did not understand that', body: 'Nothing was done. The nearest things I can do:' },
  negation: { title: 'Nothing was done', body: 'I understood that you do not want it. If you want to look first:' },
  hypothetical: {
    title: 'Nothing was done',
    body: 'That reads like a question about a change, not a request for one. What I can look at, or propose when you say so:',
  },
  ambiguous: {
    title: 'Which one do you mean?',
    body: 'That can be understood in more than one way. Nothing was done. Pick one:',
  },
};

export function menuView({ why, nearest }: Extract<Understanding, { kind: 'menu' }>): MenuView {
  const { title, body } = WHY[why];
  return {
    kind: 'menu',
    title,
    body,
    examples: nearest,
    actions: nearest.slice(0, 4).map(({ text }) => ({ kind: 'say', label: shortened(text), text })),
    note: 'help shows everything you may do.',
  };
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

export function questionView({ question, choices }: Extract<Understanding, { kind: 'ask' }>): QuestionView {
  return {
    kind: 'question',
    title: 'One question first',
    status: 'waiting',
    question,
    actions: choices.slice(0, 4).map(({ text }) => ({ kind: 'say', label: shortened(text), text })),
    note: 'Answer with just that, or type it anew. Nothing was done.',
  };
}

export function strangerView({ because, next }: { because: string; next: string }): RefusalView {
  return { kind: 'refusal', title: 'I do not know you', status: 'warning', rule: 'allow-list', because, next };
}

/** Pending changes with what one needs to decide (G15). */
export function pendingView(approvals: readonly ApprovalView[], more: boolean): TableView {
  return {
    kind: 'table',
    title: `Waiting for approval (${approvals.length}${more ? '+' : ''})`,
    status: approvals.length > 0 ? 'waiting' : 'good',
    columns: ['Id', 'Change', 'Risk', 'Asked by', 'Votes', 'Expires'],
    rows: approvals.map(({ approvalId, action, risk, requester, votes, quorum, expiresAt }) => [
      approvalId,
      action,
      risk,
      requester,
      `${votes.length} of ${quorum}`,
      { at: expiresAt },
    ]),
    empty: 'Nothing is waiting for approval.',
    actions: approvals
      .slice(0, 4)
      .map(({ approvalId }) => ({ kind: 'say', label: `Show ${approvalId}`, text: `show ${approvalId}` })),
    note: approvals.length > 0 ? 'show <id> brings the card with its buttons.' : undefined,
  };
}
