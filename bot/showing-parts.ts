import type { Desk } from '../approvals/desk.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';

/** What showing the store's truth takes. */
export interface ShowingParts {
  store: Store;
  clock: Clock;
  log: Log;
  desk: Desk;
  channels: ReadonlyMap<string, Channel>;
}
