import type { Clock } from '../../../lib/clock.ts';
import type { Store } from '../../../store/store.ts';
import { type Change, type Deed, readChanges, readHistories, recordChange } from './changes.ts';
import type { Estate } from './estate.ts';
import type { World } from './world.ts';

/** What the simulated services of one scope see and may do. */
export interface Scene {
  readonly estate: Estate;
  readonly seed: number;
  /** The session that reads are made in. */
  readonly session: string;
  /** The Region as it is now. */
  look(): Promise<World>;
  /** Stores a change and returns the Region as it is right after. */
  change(deed: Deed): Promise<World>;
  /** Stored changes from `fromMs` to `toMs`, both included, newest first. */
  changes(fromMs: number, toMs: number): Promise<readonly Change[]>;
}

interface Behind {
  seed: number;
  estate: Estate;
  clock: Clock;
  store: Store;
  session: string;
  /** The session and the user agent that changes are made with. */
  by: string;
  agent: string;
}

export function createScene({ seed, estate, clock, store, session, by, agent }: Behind): Scene {
  const { region } = estate;
  const look = async (): Promise<World> => {
    const histories = await readHistories(store, region);
    return { seed, estate, histories, now: clock.now() };
  };
  return {
    seed,
    estate,
    session,
    look,
    async change(deed) {
      await recordChange(store, { region, at: clock.now(), by, agent, effect: deed });
      return look();
    },
    changes: (fromMs, toMs) => readChanges(store, region, fromMs, toMs),
  };
}
