import type { ApprovalView, View } from '../cards/view.ts';
import type { Tool } from '../tools/tool.ts';
import type { Conversation, Speaker, Turn, TurnResult } from './turn.ts';

/** A message that was posted and can be edited later. Opaque to everybody but its channel. */
export interface MessageRef {
  channel: string;
  conversation: string;
  message: string;
}

/**
 * Takes a turn. `heard` is called once it is known to the store, or that the store does not answer: from then on the
 * platform may be told that it arrived. `progress` hears the lines that a channel would show, where no channel stands behind the turn.
 */
export type OnTurn = (turn: Turn, heard?: () => void, progress?: (text: string) => void) => Promise<TurnResult>;

/** What a platform says of one of its accounts. Only a member of the own organisation can be somebody OpsAgent knows. */
export interface Profile {
  standing: 'member' | 'guest' | 'bot' | 'stranger' | 'gone';
  /** As the platform has it; its administrators can change it, so it joins on first sight only. */
  email?: string;
}

/** What a door may show somebody who has not said anything. Nothing here changes anything. */
export interface Lobby {
  /** What waits for this person, what is theirs, what happened lately, how OpsAgent is; for a stranger, why not. */
  home(speaker: Speaker): Promise<readonly View[]>;
  /** The card with the buttons this person may press now, and no others; undefined when person or change is not known. */
  card(speaker: Speaker, approvalId: string): Promise<ApprovalView | undefined>;
  /** The accounts of these people on a channel, as far as they are known. */
  accountsOf(channel: string, people: readonly string[]): Promise<string[]>;
  /** What this person may use, in the catalog's order; nothing for a stranger. */
  tools(speaker: Speaker): Promise<readonly Tool[]>;
}

/**
 * A door people come through. `post` and `update` resolve when the platform has the message.
 *
 * @throws OpsError `delivery_failed`, retryable when the platform may take it later
 */
export interface Channel {
  readonly name: string;
  start(onTurn: OnTurn, lobby: Lobby): Promise<void>;
  post(to: Conversation, view: View): Promise<MessageRef>;
  update(message: MessageRef, view: View): Promise<void>;
  /** Seen by one person only, where the platform can; else in their own conversation. */
  whisper(to: Conversation, userId: string, view: View): Promise<void>;
  /** A line while work goes on; gone when the answer is posted. Never an error to lose. */
  progress(to: Conversation, text: string): void;
  /** Who stands behind an account; absent where the platform's id is the e-mail itself. */
  profile?(userId: string): Promise<Profile>;
  /** The conversation under a message; absent where the platform has no threads. */
  thread?(message: MessageRef): Conversation;
  stop(): Promise<void>;
}
