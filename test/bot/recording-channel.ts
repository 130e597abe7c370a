import type { Channel, MessageRef } from '../../bot/channel.ts';
import type { Conversation } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';
import { OpsError } from '../../lib/errors.ts';

interface Shown {
  to: Conversation;
  view: View;
  /** How often the message was edited. */
  edits: number;
}

/** A channel that remembers what people would see, and can be away. */
export interface RecordingChannel extends Channel {
  /** By message id, in the order they were posted. */
  readonly messages: Map<string, Shown>;
  readonly whispers: { userId: string; view: View }[];
  readonly lines: string[];
  /** What posts and edits run into, if anything. */
  fault: OpsError | undefined;
  /** Every call of `update`, the failed ones too. */
  updates: number;
}

let posted = 0;

export function recordingChannel(name = 'web'): RecordingChannel {
  const channel: RecordingChannel = {
    ...{ name, messages: new Map(), whispers: [], lines: [], fault: undefined, updates: 0 },
    async start() {},
    async stop() {},
    async post(to, view): Promise<MessageRef> {
      if (channel.fault) throw channel.fault;
      posted += 1;
      const message = `m-${posted}`;
      channel.messages.set(message, { to, view, edits: 0 });
      return { channel: name, conversation: to.id, message };
    },
    async update({ message }, view) {
      channel.updates += 1;
      if (channel.fault) throw channel.fault;
      const shown = channel.messages.get(message);
      if (!shown) throw new OpsError('delivery_failed', 'the message is gone', { hint: '' });
      channel.messages.set(message, { ...shown, view, edits: shown.edits + 1 });
    },
    async whisper(_to, userId, view) {
      channel.whispers.push({ userId, view });
    },
    progress(_to, text) {
      channel.lines.push(text);
    },
  };
  return channel;
}

export const away = new OpsError('delivery_failed', 'the platform is away', { hint: 'Wait.', retryable: true });

export const views = ({ messages }: RecordingChannel): View[] => [...messages.values()].map(({ view }) => view);

/** The states that the cards of a change show, one a copy. */
export function statesShown(channel: RecordingChannel, id: string): string[] {
  return views(channel).flatMap((view) => (view.kind === 'approval' && view.approvalId === id ? [view.state] : []));
}
