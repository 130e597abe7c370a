import type { Caller } from '../../approvals/call.ts';
import type { Gate } from '../../approvals/gate.ts';
import type { View } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ReadTool, Tool } from '../../tools/tool.ts';
import type { Allowance } from './allowance.ts';
import type { Message, Model, ToolSpec } from './model.ts';
import type { Grounds } from './provenance.ts';

/** What the loop works with, turn after turn. */
export interface LoopParts {
  model: Model;
  gate: Gate;
  clock: Clock;
  /** The configured Region: what is meant when nobody names one. */
  region: string;
  /** The command line that means a call. */
  command: (tool: Tool, input: JsonObject) => string;
}

/** One turn's work for the model. */
export interface Task {
  mode: 'chat' | 'investigation';
  caller: Caller;
  /** Aborts when the answer's time is over or the process stops. */
  signal: AbortSignal;
  /** What this person may use, by exact name. */
  tools: ReadonlyMap<string, Tool>;
  specs: readonly ToolSpec[];
  /** The conversation, this turn's words last. */
  messages: readonly Message[];
  /** `read` grows with each read. */
  grounds: Grounds & { read: { source: string; text: string }[] };
  /** What the words mean without a model, if that is certain: a workflow tool runs at once only when it is called with just that. */
  understood: { tool: string; input: JsonObject } | undefined;
  allowance: Allowance;
  /** False when the words say that something is not to be done. */
  mayPropose: boolean;
  /** Tool calls of one turn at most. */
  mostCalls: number;
  /** Keeps a read for later and gives it its id; investigations only. */
  keep?: (read: NewRead) => Promise<string>;
}

/** One read that the model asked for and the gate ran. */
export interface ReadDone {
  /** What the model calls it: the id of the kept read in an investigation, else 'r1'. */
  ref: string;
  tool: ReadTool;
  input: JsonObject;
  /** The command line that repeats it. */
  command: string;
  /** Its card; a refusal or a failure has one too. */
  view: View;
  outcome: 'done' | 'denied' | 'failed';
  /** Which reply of the turn asked for it, from 1. */
  step: number;
  /** Epoch ms when it began, and how long it took. */
  at: number;
  ms: number;
}

/** Before it has its place. */
export type NewRead = Omit<ReadDone, 'ref' | 'step'>;
