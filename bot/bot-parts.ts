import type { Audit } from '../approvals/audit.ts';
import type { Desk } from '../approvals/desk.ts';
import type { Gate } from '../approvals/gate.ts';
import type { View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Store } from '../store/store.ts';
import type { Tool } from '../tools/tool.ts';
import type { Channel } from './channel.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Identity } from './identity.ts';
import type { TurnResult } from './turn.ts';
import type { OpenQuestion, Understanding } from './understand/understanding.ts';

/** What the turn works with; put together once, in main. */
export interface BotParts {
  store: Store;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  identity: Identity;
  gate: Gate;
  desk: Desk;
  audit: Audit;
  catalog: readonly Tool[];
  understand: (text: string, context: { now: number; open?: OpenQuestion }) => Understanding;
  channels: ReadonlyMap<string, Channel>;
  dispatcher: Dispatcher;
}

/** What is to be shown for a turn, and what a caller is told beside it. */
export type Answer = Omit<TurnResult, 'correlationId' | 'text'> & {
  view: View;
  /** Shown to the speaker alone where the channel can. */
  whisper?: boolean;
  /** The change whose card this is, and its version as shown. */
  card?: { id: string; version: number };
};
