import type { Lobby } from '../../bot/channel.ts';

/** A lobby with nothing in it, for tests of what people say. */
export const noLobby: Lobby = {
  home: async () => [],
  card: async () => undefined,
  accountsOf: async () => [],
  tools: async () => [],
};
