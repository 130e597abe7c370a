import type { ApprovalView, FailureView, RefusalView, Verdict, View } from '../cards/view.ts';
import type { OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Person } from './people.ts';

/** What a sentence, command, button, REST call, alert or schedule becomes. */
export interface ToolCall {
  tool: string;
  /** Not yet parsed: the gate does that first. */
  input: JsonObject;
  /** What whoever approves must know of how this call came about; stands on the card and in the digest. */
  cautions?: readonly string[];
}

/** Who asks, from where, and how that is known. */
export interface Caller {
  person: Person;
  channel: string;
  userId: string;
  auth: string;
  /** When they last proved to the sign-in service who they are, epoch ms; only a door that knows says it. */
  signedInAt?: number;
  origin: string;
  turnId: string;
  correlationId: string;
  conversation: { channel: string; id: string };
  signal: AbortSignal;
  /** Lines for people who wait. */
  progress: (text: string) => void;
}

/** A person's yes or no. By token (text) or by the id and digest of the card that was pressed. */
export interface DecisionCall {
  verdict: Verdict;
  by: { token: string } | { approvalId: string; digest?: string };
  reason?: string;
}

/** Every expected end of a call. Nothing here is thrown. `version` is the change's as the view shows it. */
export type GateOutcome =
  | { status: 'done'; view: View; output?: JsonObject; approvalId?: string; version?: number }
  | { status: 'pending'; view: ApprovalView; approvalId: string; version: number; token?: string }
  | { status: 'denied'; view: RefusalView; approvalId?: string }
  | { status: 'failed'; view: FailureView | ApprovalView; error?: OpsError; approvalId?: string; version?: number };
