import type { Verdict, View } from '../cards/view.ts';

export type Origin = 'message' | 'command' | 'button' | 'api' | 'mcp' | 'alert' | 'schedule';

/** A place where people and OpsAgent talk. `channel` names the adapter; `id` is that adapter's own. */
export interface Conversation {
  channel: string;
  id: string;
}

/** Who the platform says is speaking, and how it knows. The directory of people turns it into a person. */
export interface Speaker {
  channel: string;
  /** The platform's own id, exact bytes: an e-mail where people sign in by it, else `<organisation>/<user>`. */
  userId: string;
  /** How the identity was established; goes to the audit record. */
  auth: 'local-switch' | 'shell' | 'signature' | 'socket' | 'token' | 'loopback' | 'oidc' | 'bearer' | 'api-key';
  /** When this person last typed a password or the like, epoch ms; absent where the door does not know. */
  signedInAt?: number;
}

/** A pressed button. Ids only: the store holds everything else. */
export interface Pressed {
  verdict: Verdict;
  approvalId: string;
  digest: string;
  reason?: string;
}

/** A person's yes or no: a press, or the token of a change that a program sends for somebody. */
export type Decision = Pressed | { verdict: Verdict; token: string; reason?: string };

/** One thing a person (or alert, or clock) said. No vendor object ever hangs on it. */
export interface Turn {
  /** De-duplication key: the same id twice has one effect. */
  id: string;
  /** Epoch ms. */
  at: number;
  origin: Origin;
  speaker: Speaker;
  conversation: Conversation;
  text: string;
  decision?: Decision;
  /**
   * A call that is already typed, from REST and MCP: nothing has to be understood. `input` is not yet parsed; `cautions` are what
   * whoever approves must know of how it came about.
   */
  call?: { tool: string; input: Record<string, unknown>; cautions?: readonly string[] };
}

/** What became of a turn, for callers that need more than the posted card: `ask --json`, REST. */
export interface TurnResult {
  outcome: 'done' | 'pending' | 'denied' | 'failed' | 'answer' | 'menu';
  understoodBy?: 'grammar' | 'phrases' | 'model';
  tool?: string;
  input?: Record<string, unknown>;
  approvalId?: string;
  approvalToken?: string;
  correlationId: string;
  /** The card of the answer, without secrets; absent when nothing was done: heard before, or stopping. */
  view?: View;
  /** What a read or workflow tool answered, without secrets. */
  output?: Record<string, unknown>;
  /** The answer as plain text. */
  readonly text: string;
}
