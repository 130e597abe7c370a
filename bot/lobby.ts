import type { Approval } from '../approvals/approval.ts';
import type { Desk } from '../approvals/desk.ts';
import type { Gate } from '../approvals/gate.ts';
import type { Person } from '../approvals/people.ts';
import type { ApprovalView, Status, TableView } from '../cards/view.ts';
import { standing } from '../cards/wording.ts';
import type { Tool } from '../tools/tool.ts';
import type { Lobby } from './channel.ts';
import type { Identity } from './identity.ts';
import { pendingView, strangerView } from './replies.ts';

interface Parts {
  desk: Desk;
  gate: Pick<Gate, 'mayUse'>;
  catalog: readonly Tool[];
  identity: Identity;
  /** 'ok', or what is wrong, in a sentence. */
  health(): Promise<{ status: Status; words: string }>;
}

const WAITING = 20;
const RECENT = 10;

export function createLobby({ desk, gate, catalog, identity, health }: Parts): Lobby {
  return {
    accountsOf: identity.accountsOf,
    async tools(speaker) {
      const known = await identity.identify(speaker);
      return 'because' in known ? [] : catalog.filter((tool) => gate.mayUse(known.person, tool));
    },
    async home(speaker) {
      const known = await identity.identify(speaker);
      if ('because' in known) return [strangerView(known)];
      const [pending, decided, how] = await Promise.all([
        desk.approvals({ state: 'pending', limit: 50 }),
        desk.approvals({ state: 'decided', limit: RECENT }),
        health(),
      ]);
      const waiting = pending.rows.map(({ value }) => value);
      const forMe = waiting.filter((one) => desk.mayApprove(known.person, one)).slice(0, WAITING);
      const mine = waiting.filter(({ plan }) => plan.requester === known.person.id);
      return [
        {
          ...pendingView(forMe.map(desk.card), pending.next !== undefined),
          title: `Waiting for you (${forMe.length})`,
        },
        {
          ...pendingView(mine.map(desk.card), false),
          title: `Asked by you (${mine.length})`,
          empty: 'You have asked for nothing.',
        },
        recent(decided.rows.map(({ value }) => desk.card(value))),
        { kind: 'message', title: 'OpsAgent', status: how.status, body: how.words },
      ];
    },
    async card(speaker, approvalId) {
      const known = await identity.identify(speaker);
      const row = await desk.approval(approvalId);
      if ('because' in known || !row) return undefined;
      return forViewer(desk, row.value, known.person);
    },
  };
}

/** Somebody who may not decide sees where it stands; the requester may still call it off. */
function forViewer(desk: Desk, approval: Approval, person: Person): ApprovalView {
  const card = desk.card(approval);
  const may = {
    approve: desk.mayApprove(person, approval),
    // A no needs no vote left: whoever may say yes to it may still say no.
    reject: desk.mayApprove(person, { ...approval, votes: [] }),
    cancel: card.requester === person.id,
  };
  return { ...card, actions: card.actions?.filter((action) => action.kind !== 'decide' || may[action.verdict]) };
}

function recent(cards: readonly ApprovalView[]): TableView {
  return {
    kind: 'table',
    title: 'Recent changes',
    columns: ['Change', 'Where it stands', 'Asked by'],
    rows: cards.map((card) => {
      const { status, words } = standing(card);
      return [card.action, { text: words, status }, card.requester];
    }),
    empty: 'Nothing has been decided yet.',
  };
}
