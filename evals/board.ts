import type { Channel } from '../bot/channel.ts';
import type { View } from '../cards/view.ts';

/** A channel that keeps what is shown, by conversation. Nobody watches, so nothing is edited. */
export interface Board extends Channel {
  shownIn(conversation: string): readonly View[];
}

export function createBoard(name: string): Board {
  const posted: { to: string; view: View }[] = [];
  return {
    name,
    shownIn: (conversation) => posted.filter(({ to }) => to === conversation).map(({ view }) => view),
    async post({ id }, view) {
      posted.push({ to: id, view });
      return { channel: name, conversation: id, message: String(posted.length) };
    },
    async whisper({ id }, _userId, view) {
      posted.push({ to: id, view });
    },
    async start() {},
    async update() {},
    async stop() {},
    progress() {},
  };
}
