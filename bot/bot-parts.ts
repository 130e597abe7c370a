import type { Audit } from '../approvals/audit.ts';
import type { Caller } from '../approvals/call.ts';
import type { Desk } from '../approvals/desk.ts';
import type { Gate } from '../approvals/gate.ts';
import type { Settings } from '../approvals/settings.ts';
import type { Verdict, View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Watched } from '../lib/watched-file.ts';
import type { Store } from '../store/store.ts';
import type { Tool } from '../tools/tool.ts';
import type { Channel } from './channel.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Identity } from './identity.ts';
import type { Turn, TurnResult } from './turn.ts';
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
  settings: () => Watched<Settings>;
  catalog: readonly Tool[];
  understand: (text: string, context: { now: number; open?: OpenQuestion }) => Understanding;
  channels: ReadonlyMap<string, Channel>;
  dispatcher: Dispatcher;
  /** Absent where no model is set up. */
  assistant?: Assistant;
}

/** The model's part in a turn. */
export interface Assistant {
  /** What it makes of the words; or, when it is not there, why, so that the phrases answer instead. */
  answer(turn: Turn, caller: Caller, meant: Understanding): Promise<Answer | { away: string }>;
  /**
   * What was shown stays in mind, whoever understood it: "reboot it" may follow. `shownThere`: in the turn's own conversation, before
   * everybody who is in it. Never throws.
   */
  remember(turn: Turn, caller: Caller, answer: Answer, shownThere: boolean): Promise<void>;
  /** Loads what the first answer will need; sends nothing. */
  warm(): Promise<void>;
  /** Nothing more is asked, and what was asked is not waited for. */
  stop(): void;
}

/** What is to be shown for a turn, and what a caller is told beside it. */
export type Answer = Omit<TurnResult, 'correlationId' | 'text' | 'view'> & {
  view: View;
  /** Shown to the speaker alone where the channel can. */
  whisper?: boolean;
  /** The change whose card this is, and its version as shown. */
  card?: Card;
  /** It was a decision on a change, whether it counted or not. */
  decided?: { verdict: Verdict; reason?: string };
  /** Shown before it, in order: the cards of reads that the answer speaks of, further proposals. */
  before?: readonly Shown[];
};

type Card = { id: string; version: number };

/** One card of an answer. */
export interface Shown {
  view: View;
  card?: Card;
}
