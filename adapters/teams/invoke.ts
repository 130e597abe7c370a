import { AsyncLocalStorage } from 'node:async_hooks';
import type { Conversation, Speaker, Turn } from '../../bot/turn.ts';
import { summaryLine } from '../../cards/summary.ts';
import type { ApprovalView, View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Reply } from '../http/reply.ts';
import { CardAction } from './activity.ts';
import { isOpen, teamsCard } from './card.ts';
import type { Started } from './parts.ts';
import { refreshedFor } from './posting.ts';

/** Teams gives up after about ten seconds; what is not known by then is shown as it stands. */
const DECIDED_WITHIN_MS = 5_000;
const CARD_AFTER_MS = 2_500;
const CARD_ALONE_MS = 7_000;
const longestWords = 1_000;

/** Presses on cards: each is answered with the presser's own form of the card, or with words that only they see. */
export interface Invokes {
  answer(press: Press): Promise<Reply>;
  /** A whisper of the turn of a press that is being answered becomes that answer; false when there is none. */
  take(to: Conversation, userId: string, view: View): boolean;
}

export interface Press {
  /** De-duplication key of the turn. */
  id: string;
  speaker: Speaker;
  conversation: Conversation;
  tenant: string;
  /** As it came. */
  value: unknown;
}

type Decide = Extract<CardAction['action'], { verb: 'decide' }>;

export function createInvokes(started: Started): Invokes {
  const whispers = createWhispers();

  async function decide(press: Press, { data }: Decide): Promise<Reply> {
    const { kind: _kind, ...decision } = data;
    const { clock } = started.options;
    const { id, speaker, conversation } = press;
    const turn: Turn = { id, at: clock.now(), origin: 'button', speaker, conversation, text: '', decision };
    const whispered = await whispers.during(press, () => done(started, turn));
    if (whispered) return words(privateWords(whispered));
    const card = await ownCard(started, press, data.approvalId, CARD_AFTER_MS);
    return card ? cardReply(started, press, card) : words('OpsAgent cannot show this change now. Ask: approvals');
  }

  async function refresh(press: Press, approvalId: string, unasked: boolean): Promise<Reply> {
    const card = await ownCard(started, press, approvalId, CARD_ALONE_MS);
    if (!card)
      return unasked
        ? refusal(404, 'There is nothing to show.', 200)
        : words('OpsAgent cannot show this change to you.');
    if (unasked || isOpen(card) || card.state !== 'pending') return cardReply(started, press, card);
    return words(`You cannot decide this change. Who may: ${card.mayApprove}.`);
  }

  return {
    async answer(press) {
      const { success, data } = CardAction.safeParse(press.value);
      if (!success) return refusal(400, 'OpsAgent does not know this button.');
      const { action, trigger } = data;
      if (action.verb === 'decide') return decide(press, action);
      return refresh(press, action.data.approvalId, trigger === 'automatic');
    },
    take: whispers.take,
  };
}

/** A press that is being answered: what its turn whispers becomes the answer. */
interface Listener {
  press: Press;
  heard?: View;
  /** Teams has its answer: what is said later is a message. */
  over: boolean;
}

/** By turn, not by person: somebody may press a second button before the first is answered. */
function createWhispers() {
  const pressed = new AsyncLocalStorage<Listener>();
  return {
    /** What the turn whispers until `work` is done. */
    async during(press: Press, work: () => Promise<void>): Promise<View | undefined> {
      const listener: Listener = { press, over: false };
      await pressed.run(listener, work);
      listener.over = true;
      return listener.heard;
    },
    take(to: Conversation, userId: string, view: View): boolean {
      const listener = pressed.getStore();
      if (!listener || listener.over || listener.heard) return false;
      const { conversation, speaker } = listener.press;
      if (conversation.id !== to.id || speaker.userId !== userId) return false;
      listener.heard = view;
      return true;
    },
  };
}

/** Until the decision is known, or as long as Teams can be kept waiting. */
async function done({ onTurn, options: { clock, log } }: Started, turn: Turn): Promise<void> {
  const enough = new AbortController();
  const decided = onTurn(turn).then(
    () => undefined,
    (error: unknown) => log.error({ turnId: turn.id, error: asOpsError(error).message }, 'a press failed'),
  );
  const waited = clock.sleep(DECIDED_WITHIN_MS, enough.signal).catch(() => undefined);
  await Promise.race([decided, waited]);
  enough.abort();
}

async function ownCard(
  { lobby, options }: Started,
  { speaker }: Press,
  id: string,
  within: number,
): Promise<ApprovalView | undefined> {
  const enough = new AbortController();
  const late = options.clock.sleep(within, enough.signal).then(
    () => undefined,
    () => undefined,
  );
  const card = lobby.card(speaker, id).catch((error: unknown) => {
    options.log.warn({ approvalId: id, error: asOpsError(error).message }, 'a card could not be made for its reader');
    return undefined;
  });
  const first = await Promise.race([card, late]);
  enough.abort();
  return first;
}

async function cardReply(started: Started, { tenant }: Press, card: ApprovalView): Promise<Reply> {
  const refreshFor = isOpen(card) ? await refreshedFor(started, tenant, card) : [];
  const value = await teamsCard(card, { looks: 'viewer', refreshFor });
  return answered(200, 'application/vnd.microsoft.card.adaptive', value);
}

/** What a private card would say, in one line: Teams shows nothing else under a button. */
function privateWords(view: View): string {
  if (view.kind === 'refusal') return `${view.title}. ${view.because} ${view.next}`;
  if (view.kind === 'failure') return `${view.title}. ${view.message} ${view.hint}`;
  return summaryLine(view);
}

const words = (text: string): Reply =>
  answered(200, 'application/vnd.microsoft.activity.message', cleanText(text, longestWords));

/** `http`: what the request is answered with, where that is not the same. */
export const refusal = (status: 400 | 404 | 501, message: string, http: number = status): Reply => ({
  ...answered(status, 'application/vnd.microsoft.error', { code: String(status), message }),
  status: http,
});

/** @see https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format */
function answered(statusCode: number, type: string, value: unknown): Reply {
  return { status: 200, body: { statusCode, type, value } };
}
