import type { ApprovalView, HelpView, Mode, ProgressView, Risk, Source, Status, Verdict } from './view.ts';

/** One plain character beside every status, so that colour is never alone. */
export const statusGlyph = {
  good: '✓',
  warning: '!',
  bad: '✕',
  waiting: '…',
  neutral: '○',
} as const satisfies Record<Status, string>;

export const modeWords = {
  LOCAL_MOCK: 'LOCAL_MOCK (simulated AWS)',
  DRY_RUN: 'DRY_RUN (nothing is changed)',
  SANDBOX_LIVE: 'SANDBOX_LIVE (real AWS)',
} as const satisfies Record<Mode, string>;

export const riskStatus = {
  low: 'neutral',
  medium: 'warning',
  high: 'bad',
  critical: 'bad',
} as const satisfies Record<Risk, Status>;

export const verdictWords = {
  approve: { done: 'approved', status: 'good' },
  reject: { done: 'rejected', status: 'bad' },
  cancel: { done: 'cancelled', status: 'neutral' },
} as const satisfies Record<Verdict, { done: string; status: Status }>;

export const effectWords = {
  read: 'runs at once',
  workflow: 'runs at once, changes only OpsAgent records',
  write: 'needs approval',
  approval: 'decides a proposal',
} as const satisfies Record<HelpView['commands'][number]['effect'], string>;

export const stepStatus = {
  done: 'good',
  running: 'waiting',
  waiting: 'neutral',
} as const satisfies Record<ProgressView['steps'][number]['state'], Status>;

/** On a card that had to leave something of a change out: nobody says yes to what they have not seen. */
export const notWhole =
  'This card does not show the whole change, so it cannot be approved here. Read it whole in a terminal: npx opsagent chat.';

/** On every card whose text a model wrote. */
export const writtenByAi = 'Written by AI. Check before you rely on it.';

/** 'acme-prod (123456789012)', or the bare id. */
export function accountWords(source: Source): string {
  return source.accountAlias ? `${source.accountAlias} (${source.account})` : source.account;
}

export interface Standing {
  status: Status;
  /** One short sentence or two: where the change stands, who decided, whether anything was changed. */
  words: string;
}

/** Where a change stands, in words that need no other line of the card. */
export function standing(view: ApprovalView): Standing {
  const yes = votersWith(view, 'approve');
  const approvedBy = yes.length > 0 ? `Approved by ${list(yes)}` : 'Approved';
  const untouched = 'Nothing was changed.';
  switch (view.state) {
    case 'pending':
      return { status: 'waiting', words: `Waiting for approval: ${yes.length} of ${view.quorum}` };
    case 'approved':
      return { status: 'waiting', words: `${approvedBy}. Not started yet.` };
    case 'executing':
      return { status: 'waiting', words: `${approvedBy}. Running now.` };
    case 'succeeded':
      return executed(view, approvedBy);
    case 'failed':
      return { status: 'bad', words: `${approvedBy}, but it failed.` };
    case 'unknown':
      return { status: 'warning', words: `${approvedBy}. The result is not known yet.` };
    case 'closed_unknown':
      return { status: 'warning', words: `${approvedBy}. Closed without a known result.` };
    case 'rejected':
      return { status: 'bad', words: `Rejected${by(view, 'reject')}. ${untouched}${reasonOf(view)}` };
    case 'cancelled':
      return { status: 'neutral', words: `Cancelled${by(view, 'cancel')}. ${untouched}` };
    case 'expired':
      return { status: 'neutral', words: `Expired with ${yes.length} of ${view.quorum} approvals. ${untouched}` };
    case 'invalidated':
      return {
        status: 'warning',
        words: `${yes.length > 0 ? `${approvedBy}, but not` : 'Not'} executed. ${untouched}`,
      };
    case 'superseded':
      return { status: 'neutral', words: `Replaced by a newer proposal. ${untouched}` };
  }
}

/** Sent is not done: only what was seen in AWS is called done. */
function executed({ source, status = 'good' }: ApprovalView, approvedBy: string): Standing {
  if (source?.mode === 'DRY_RUN')
    return { status: 'good', words: `${approvedBy}. Dry run finished: nothing was changed.` };
  if (status === 'waiting') return { status, words: `${approvedBy}. Sent; checking the effect.` };
  if (status === 'warning') return { status, words: `${approvedBy}. Sent; the effect was not confirmed.` };
  return { status: 'good', words: `${approvedBy}. Done and verified.` };
}

/** Only an undecided change can still be voted on; an approved one can at most be called off. */
export function mayStillDecide(view: ApprovalView, verdict: Verdict): boolean {
  return view.state === 'pending' || (view.state === 'approved' && verdict !== 'approve');
}

function votersWith(view: ApprovalView, verdict: Verdict): string[] {
  return view.votes.filter((vote) => vote.verdict === verdict).map((vote) => vote.person);
}

function by(view: ApprovalView, verdict: Verdict): string {
  const people = votersWith(view, verdict);
  return people.length > 0 ? ` by ${list(people)}` : '';
}

function reasonOf(view: ApprovalView): string {
  const reason = view.votes.find((vote) => vote.verdict === 'reject')?.reason;
  return reason ? ` Reason: ${reason}` : '';
}

function list(people: string[]): string {
  if (people.length < 2) return people.join('');
  return `${people.slice(0, -1).join(', ')} and ${people.at(-1)}`;
}
