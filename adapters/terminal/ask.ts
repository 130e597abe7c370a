import { randomUUID } from 'node:crypto';
import type { Channel } from '../../bot/channel.ts';
import type { View } from '../../cards/view.ts';

export interface AskChannel extends Channel {
  /** What was said since the last time this was asked; edits of earlier cards are not said again. */
  take(): View[];
}

/** The channel of one `opsagent ask`: keeps what is posted for the one who waits at the prompt. */
export function createAskChannel(name: string): AskChannel {
  let said: View[] = [];
  return {
    name,
    async start() {},
    async post(to, view) {
      said.push(view);
      return { channel: name, conversation: to.id, message: randomUUID() };
    },
    async update() {},
    async whisper(_to, _userId, view) {
      said.push(view);
    },
    progress() {},
    async stop() {},
    take() {
      const taken = said;
      said = [];
      return taken;
    },
  };
}
