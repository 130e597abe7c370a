import type { Channel } from '../../../bot/channel.ts';
import type { Model } from '../../../bot/llm/model.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Store } from '../../../store/store.ts';
import { NOON } from '../../approvals/house.ts';
import { type BotHouse, createBotHouse } from '../../bot/bot-house.ts';
import { movableClock } from '../../store/movable-clock.ts';
import { swallowing } from '../audit-down/faults.ts';

/** What befalls a dependency. `reset`: it did what it was asked, and the connection broke before the answer. */
export const FAULTS = ['refused', 'hang', 'slow', 'garbage', 'error', 'reset'] as const;
export type Fault = (typeof FAULTS)[number];

export type FaultsSabotage =
  | 'an error of AWS is answered as success'
  | 'audit swallows its errors'
  | 'sent again'
  | 'what was not delivered counts as delivered';

/** From when on: while it is proposed, when it is approved, in the moment AWS is called. */
export type Moment = 'asked' | 'approved' | 'called';

/** A house, one of whose dependencies can be broken. */
export interface Bench {
  house: BotHouse;
  /** The store itself, past every fault: what is true. */
  raw: Store;
  /** What AWS did, whatever it answered. */
  applied: number;
  break(): void;
  heal(): Promise<void> | void;
  /** What is wrong after the end that only this dependency knows of, one line each. */
  wrong(): string[] | Promise<string[]>;
  close(): Promise<void>;
}

export interface Dependency {
  name: string;
  moments: readonly Moment[];
  open(fault: Fault, sabotage: FaultsSabotage | undefined): Promise<Bench>;
}

interface Parts {
  clock?: { clock: Clock; setNow(ms: number): void };
  through?: (store: Store) => Store;
  model?: Model;
  channels?: readonly Channel[];
  /** Where approvers are asked; the console when left out. */
  asksIn?: { channel: string; id: string };
  sabotage: FaultsSabotage | undefined;
}

/** All is well until a dependency breaks it. */
export async function openBench({ clock = movableClock(NOON), through, model, channels, asksIn, sabotage }: Parts) {
  let raw: Store | undefined;
  const seen = (store: Store): Store => {
    raw = store;
    return through?.(store) ?? store;
  };
  const house = await createBotHouse({ clock, through: seen, model }, channels);
  if (asksIn) house.parts.route = () => [asksIn];
  if (!raw) throw new Error('the house was opened without a store');
  if (sabotage === 'audit swallows its errors') {
    house.audit = swallowing(house.audit);
    house.parts.audit = house.audit;
  }
  const bench: Bench = {
    ...{ house, raw, applied: 0 },
    break() {},
    heal() {},
    wrong: () => [],
    close: () => house.store.close(),
  };
  house.aws.onWrite = () => {
    bench.applied += 1;
  };
  return bench;
}
