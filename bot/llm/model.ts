import type { JsonObject } from '../../lib/json.ts';

/** A language model behind one verb. It is asked and it answers; it executes nothing, and no vendor's word leaves its file. */
export interface Model {
  /** 'anthropic claude-sonnet-5-5': for records and cards. */
  readonly name: string;
  /**
   * One answer to the conversation so far. Retries what may pass (overload, rate limit, lost connection) as long as `signal` lets it.
   *
   * @throws OpsError `model_unavailable` (overloaded, limited, too slow, unreachable, answer cut off: retryable) or
   * `model_error` (key, model id, request refused: somebody must mend the configuration); `facts.why` says which
   */
  reply(request: ModelRequest): Promise<ModelReply>;
  /** Loads what the first reply will need; sends nothing, and never rejects. */
  warm(): Promise<void>;
}

export interface ModelRequest {
  /** Byte for byte the same in each call of a process, so that it is read from the vendor's cache. */
  system: string;
  /** In a fixed order, for the same reason. */
  tools: readonly ToolSpec[];
  /** Starts with the person; roles alternate. */
  messages: readonly Message[];
  /** Aborts when the answer's time is over or the process stops. */
  signal: AbortSignal;
}

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON schema of an object. */
  schema: JsonObject;
}

export type Message = { role: 'user'; content: readonly Said[] } | { role: 'assistant'; content: readonly Replied[] };

/** What goes to the model. Results of one reply's calls stand together, first in the message. */
export type Said = { kind: 'text'; text: string } | { kind: 'result'; callId: string; text: string; failed: boolean };

/** What came from the model. `opaque` is the vendor's own (thinking): handed back unchanged and never looked at. */
export type Replied =
  | { kind: 'text'; text: string }
  | { kind: 'call'; id: string; tool: string; input: unknown }
  | { kind: 'opaque'; block: unknown };

export interface ModelReply {
  /** Why it ended. Calls count only when it is `calls`: anything else may have been cut in the middle of one. */
  end: 'answer' | 'calls' | 'truncated' | 'refused' | 'paused' | 'context_full';
  content: readonly Replied[];
  usage: Tokens;
}

export interface Tokens {
  /** Read anew, without those from the cache. */
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
}
