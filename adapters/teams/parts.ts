import type { Lobby, OnTurn } from '../../bot/channel.ts';
import type { Speaker } from '../../bot/turn.ts';
import type { Connector } from './connector.ts';
import type { TeamsDirectory } from './directory.ts';
import type { TeamsOptions } from './options.ts';
import type { Progress } from './progress.ts';

export const channelName = 'teams';

/** What the pieces of this adapter share once it is started. */
export interface Started {
  options: TeamsOptions;
  onTurn: OnTurn;
  lobby: Lobby;
  connector: Connector;
  directory: TeamsDirectory;
  progress: Progress;
  /** How speakers were established. */
  auth: Speaker['auth'];
}
