import type { View } from '../cards/view.ts';
import type { Conversation, Turn, TurnResult } from './turn.ts';

/** A message that was posted and can be edited later. Opaque to everybody but its channel. */
export interface MessageRef {
  channel: string;
  conversation: string;
  message: string;
}

export type OnTurn = (turn: Turn) => Promise<TurnResult>;

/**
 * A door people come through. `post` and `update` resolve when the platform has the message.
 *
 * @throws OpsError `delivery_failed`, retryable when the platform may take it later
 */
export interface Channel {
  readonly name: string;
  start(onTurn: OnTurn): Promise<void>;
  post(to: Conversation, view: View): Promise<MessageRef>;
  update(message: MessageRef, view: View): Promise<void>;
  /** Seen by one person only, where the platform can; else in their own conversation. */
  whisper(to: Conversation, userId: string, view: View): Promise<void>;
  /** A line while work goes on; gone when the answer is posted. Never an error to lose. */
  progress(to: Conversation, text: string): void;
  stop(): Promise<void>;
}
