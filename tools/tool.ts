import type { z } from 'zod';
import type { Field, Risk, Source, View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Store } from '../store/store.ts';
import type { Aws } from './aws/aws.ts';
import type { Records } from './records.ts';

/** `read` runs at once; `workflow` changes only OpsAgent's own records and messages; `write` changes AWS and needs approval. */
export type Effect = 'read' | 'workflow' | 'write';

/** What a capability may use. No channel, no policy, no environment. */
export interface ToolContext {
  aws: Aws;
  store: Store;
  clock: Clock;
  /** Aborts when the call's deadline passes or the process drains. */
  signal: AbortSignal;
  /** The person the call is made for. */
  actor: { id: string; name: string };
  correlationId: string;
  /** Posts to a configured channel by way of the outbox; resolves when the post is stored, not when it is delivered. */
  notify: Notifier;
  /** Who is on the list, what was recorded, which changes there are. */
  records: Records;
  /** A line for people who wait: 'reading CloudWatch…'. */
  progress(text: string): void;
}

export interface Notifier {
  /** Names of the configured channels, '#ops' first. */
  readonly channels: readonly string[];
  /** Stored webhook URLs, exactly as configured. */
  readonly webhooks: readonly string[];
  post(to: { channel: string } | { webhookUrl: string }, view: View): Promise<void>;
}

export interface Target {
  arn: string;
  id: string;
  /** Name tag or service name, as plain data. */
  label: string;
  tags: Record<string, string>;
}

/** What a write would do, read from AWS just now. The gate stores it, hashes it, shows it, and compares it again before executing. */
export interface PlannedChange {
  /** 'Reboot EC2 instance i-0abc (web-1)'. */
  action: string;
  targets: Target[];
  changes: { field: string; before: string; after: string }[];
  /** The material facts. Any difference when it is read again voids the approval. */
  snapshot: JsonObject;
  risk: Risk;
  riskReasons: string[];
  impact: { downtime: string; affected: string[]; recovery: string };
  warnings: string[];
}

/** Read back from AWS after the call. `pending` is asked again until the tool's `verifyWithinMs` has passed. */
export interface Verification {
  state: 'confirmed' | 'pending' | 'contradicted';
  text: string;
}

/**
 * How a change may be taken up again after a crash (SAFETY §5.4):
 * `convergent` sets an absolute target and can be read back; `pulse` happens each time it is sent and is never resent.
 */
export type Recovery = 'convergent' | 'pulse';

interface Definition<Input, Output> {
  /** Exact and stable: `reboot_ec2`. */
  name: string;
  title: string;
  /** One sentence for help, the model and OpenAPI. */
  summary: string;
  /** The words of the command grammar: 'ec2 reboot'. */
  command: string;
  /** Other first words that mean this command: 'reboot'. */
  aliases: readonly string[];
  /** Ways people say it; `{field}` stands for an input field: 'restart {instance_id}'. */
  phrases: readonly string[];
  /** Full commands that work when pasted into `LOCAL_MOCK`. */
  examples: readonly string[];
  /** IAM actions `execute`, `plan` and `verify` need. */
  iam: readonly string[];
  execute(input: Input, context: ToolContext): Promise<Output>;
}

interface WriteDefinition<Input, Output> extends Definition<Input, Output> {
  effect: 'write';
  recovery: Recovery;
  /** @throws OpsError `not_found` when the target does not exist, `input_invalid` when there is nothing to change */
  plan(input: Input, context: ToolContext): Promise<PlannedChange>;
  /** Proves the permission without the change (DRY_RUN); absent where AWS has no such call. */
  dryRun?(input: Input, context: ToolContext): Promise<void>;
  verify(input: Input, planned: PlannedChange, context: ToolContext): Promise<Verification>;
  verifyWithinMs: number;
  /** The input that takes the change back, offered after success and itself an approval. */
  undo?(planned: PlannedChange, input: Input): Input | undefined;
  /** What was sent, for the card: 'initiated', 'check again at'. */
  outcome(output: Output): Field[];
}

interface OtherDefinition<Input, Output> extends Definition<Input, Output> {
  effect: 'read' | 'workflow';
  view(output: Output, source: Source, input: Input): View;
}

interface Schemas<I, O> {
  input: I;
  output: O;
}

export type ReadTool = OtherDefinition<JsonObject, JsonObject> & Schemas<z.ZodObject, z.ZodType>;
export type WriteTool = WriteDefinition<JsonObject, JsonObject> & Schemas<z.ZodObject, z.ZodType>;
/** One capability. From it come the grammar, help, the model's schema, OpenAPI, the IAM policy, and its audit class. */
export type Tool = ReadTool | WriteTool;

/** Checks a definition's types and hands it on as the catalog's one shape; the gate parses input before any of it runs. */
export function defineTool<I extends z.ZodObject, O extends z.ZodType>(
  definition: (WriteDefinition<z.output<I>, z.output<O>> | OtherDefinition<z.output<I>, z.output<O>>) & Schemas<I, O>,
): Tool {
  return definition as unknown as Tool;
}
