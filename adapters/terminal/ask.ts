import { randomUUID } from 'node:crypto';
import type { Channel } from '../../bot/channel.ts';
import { renderText } from '../../cards/text/render.ts';
import type { View } from '../../cards/view.ts';

export interface AskChannel extends Channel {
  /** Everything posted so far as plain text, each message in its newest state. */
  text(): string;
}

/** Collects the answer of one turn: `opsagent ask` gives the turn to the bot itself and prints `text()`. */
export function createAskChannel({ name, width = 100 }: { name: string; width?: number }): AskChannel {
  const posted = new Map<string, View>();

  return {
    name,
    async start() {},
    async post(to, view) {
      const message = randomUUID();
      posted.set(message, view);
      return { channel: name, conversation: to.id, message };
    },
    async update({ message }, view) {
      posted.set(message, view);
    },
    async whisper(_to, _userId, view) {
      posted.set(randomUUID(), view);
    },
    progress() {},
    async stop() {},
    text: () => [...posted.values()].map((view) => renderText(view, { width, color: false })).join('\n\n'),
  };
}
