import type { Speaker, Turn } from '../../bot/turn.ts';
import type { Press } from '../../cards/blockkit/press.ts';
import type { readReason } from '../../cards/blockkit/reason-modal.ts';
import { sha256Hex } from '../../lib/ids.ts';
import type { Delivery } from './delivery.ts';
import { accountId, channelName, placeId, placeOf } from './ids.ts';
import { plainText } from './slack-text.ts';
import { isForeign, type Workspace } from './workspaces.ts';

type Kind<Name extends Delivery['kind']> = Extract<Delivery, { kind: Name }>;
type ByPerson = Exclude<Delivery, { kind: 'nothing' | 'uninstalled' }>;
type Reason = NonNullable<ReturnType<typeof readReason>>;

/** How a delivery was verified, and when it came. */
export interface Arrival {
  auth: Extract<Speaker['auth'], 'signature' | 'socket'>;
  at: number;
  by: Workspace;
}

/** Somebody of another organisation is named by theirs, and so is nobody's account here. */
export function speakerOf({ org, user, userTeam }: ByPerson, { auth, by }: Arrival): Speaker {
  const home = userTeam !== undefined && isForeign(by, userTeam) ? userTeam : org;
  return { channel: channelName, userId: accountId(home, user), auth };
}

/** A mention, or a message to the app; the thread it is in or starts is the conversation. */
export function turnOfMessage(said: Kind<'said'>, arrival: Arrival): Turn {
  const { org, channel, thread, event, text } = said;
  return {
    ...turn(said, arrival, event, placeId({ org, channel, thread })),
    origin: 'message',
    text: wordsOf(text, arrival),
  };
}

export function turnOfCommand(command: Kind<'command'>, arrival: Arrival): Turn {
  const { org, channel, trigger, text } = command;
  return {
    ...turn(command, arrival, trigger, placeId({ org, channel })),
    origin: 'command',
    text: wordsOf(text, arrival),
  };
}

/** Somebody who says nothing but the name wants to know what can be said. */
const wordsOf = (text: string, { by }: Arrival): string => plainText(text, by.botUserId) || 'help';

/** Where a button was pressed: beside its message, or in the person's own conversation when it was on the Home tab. */
export function placeOfPress({ org, user, channel, thread }: Kind<'press'>): string {
  return channel === undefined ? placeId({ org, channel: user }) : placeId({ org, channel, thread });
}

export function turnOfPress(
  press: Kind<'press'>,
  meant: Extract<Press, { kind: 'decide' | 'say' }>,
  arrival: Arrival,
): Turn {
  const { at, action, org, user } = press;
  const id = sha256Hex(`${at}:${accountId(org, user)}:${action}`);
  const base: Turn = { ...turn(press, arrival, id, placeOfPress(press)), origin: 'button', text: '' };
  if (meant.kind === 'say') return { ...base, text: meant.text.toWellFormed() };
  const { verdict, approvalId, digest } = meant;
  return { ...base, decision: { verdict, approvalId, digest } };
}

/** A decision with its reason; `undefined` when the dialog was opened in another organisation. */
export function turnOfReason(
  sent: Kind<'submission'>,
  { where, verdict, approvalId, digest, reason }: Reason,
  arrival: Arrival,
): Turn | undefined {
  if (placeOf(where)?.org !== sent.org) return undefined;
  const decision = { verdict, approvalId, digest, reason: reason.toWellFormed() };
  return { ...turn(sent, arrival, sent.id, where), origin: 'button', text: '', decision };
}

/** A dialog whose content is a command, said where its message is. */
export function turnOfDialog(
  sent: Kind<'submission'>,
  where: string,
  text: string,
  arrival: Arrival,
): Turn | undefined {
  if (placeOf(where)?.org !== sent.org) return undefined;
  return { ...turn(sent, arrival, sent.id, where), origin: 'command', text };
}

function turn(delivery: ByPerson, arrival: Arrival, id: string, conversation: string): Omit<Turn, 'origin' | 'text'> {
  return {
    id: `${channelName}:${id}`,
    at: arrival.at,
    speaker: speakerOf(delivery, arrival),
    conversation: { channel: channelName, id: conversation },
  };
}
