import { cleanText } from '../lib/clean-text.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Stored } from '../store/store.ts';
import type { ReadTool, Tool, ToolContext } from '../tools/tool.ts';
import type { Approval } from './approval.ts';
import type { Caller, DecisionCall, GateOutcome, ToolCall } from './call.ts';
import { decide } from './decide.ts';
import { createEvidenceSearch } from './evidence.ts';
import { execute } from './executor.ts';
import { actorOf, callerFacts } from './facts-of.ts';
import type { GateParts } from './gate-parts.ts';
import { note } from './note.ts';
import { parseInput } from './parse-input.ts';
import { PAUSE, pauseChanges } from './pause-changes.ts';
import { propose } from './propose.ts';
import { type Swept, sweep } from './recovery.ts';
import { failureView, policyRefusal, refusalView } from './refusals.ts';
import { openContext, sourceOf } from './tool-context.ts';
import { verify } from './verify.ts';

export interface Gate {
  /** A read or workflow runs now; a write becomes a pending approval. Never throws for an expected end. */
  submit(call: ToolCall, caller: Caller): Promise<GateOutcome>;
  decide(call: DecisionCall, caller: Caller): Promise<GateOutcome>;
  /** Whether this person could use the tool at all: help shows only those. */
  mayUse(person: Caller['person'], tool: Tool): boolean;
  mayPause(person: Caller['person']): boolean;
  /** The kill switch in chat: with a reason changes stop, without one they go on. */
  pause(reason: string | undefined, caller: Caller): Promise<GateOutcome>;
  sweep(signal: AbortSignal): Promise<Swept>;
  /** Resolves when every verification that this process started has ended. */
  idle(): Promise<void>;
  /** Stops verifying and waiting for neighbours; another process, or this one started again, takes it up. */
  stop(): Promise<void>;
}

/** The only way to `execute` (DESIGN §1): parse, decide, then run or ask; one audit record on every exit. */
export function createGate(parts: GateParts): Gate {
  const verifying = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  const evidence = createEvidenceSearch(parts);

  const verifyLater = (row: Stored<Approval>) => {
    const work = verify(parts, row, stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      parts.log.warn({ changeId: row.id, error: asOpsError(error).message }, 'verification will be taken up again');
    });
    verifying.add(work);
    void work.finally(() => verifying.delete(work));
  };

  const watch = (row: Stored<Approval>) => {
    if (row.value.verified?.state === 'waiting') verifyLater(row);
  };

  const run = async (row: Stored<Approval>, caller: Caller) => {
    const done = await execute(parts, row, {
      actor: actorOf(caller),
      signal: caller.signal,
      stopping: stopping.signal,
      progress: caller.progress,
    });
    watch(done);
    return done;
  };

  return {
    submit: (call, caller) => guarded(parts, caller, call.tool, () => submit(parts, call, caller)),
    decide: (call, caller) => guarded(parts, caller, undefined, () => decide(parts, run, call, caller)),
    mayUse: (person, { name, effect }) =>
      parts.policy.ask(person, { action: ACTION[effect], tool: name, effect }).allowed,
    mayPause: (person) => parts.policy.ask(person, PAUSE).allowed,
    pause: (reason, caller) => guarded(parts, caller, undefined, () => pauseChanges(parts, reason, caller)),
    sweep: (signal) => sweep(parts, { signal, started: watch, evidence }),
    idle: async () => {
      while (verifying.size > 0) await Promise.all(verifying);
    },
    stop: async () => {
      stopping.abort(new Error('the process is stopping'));
      await Promise.all(verifying);
    },
  };
}

const ACTION = { read: 'read', workflow: 'run', write: 'propose' } as const;

/** Counted and traced, whatever comes of it. */
function guarded(
  parts: GateParts,
  caller: Caller,
  tool: string | undefined,
  work: () => Promise<GateOutcome>,
): Promise<GateOutcome> {
  const { correlationId } = caller;
  const label = labelOf(parts, tool);
  return parts.telemetry.span('gate', { tool: label, correlationId }, async (tell) => {
    const outcome = await caught(parts, caller, tool, work);
    const { status, approvalId } = outcome;
    parts.telemetry.gate.inc({ tool: label, outcome: status });
    tell({ outcome: status, ...(approvalId === undefined ? {} : { changeId: approvalId }) });
    return outcome;
  });
}

/** A thrown error is an exit like any other: recorded if it can be, and answered with the repair. */
async function caught(
  parts: GateParts,
  caller: Caller,
  tool: string | undefined,
  work: () => Promise<GateOutcome>,
): Promise<GateOutcome> {
  try {
    return await work();
  } catch (thrown) {
    const error = asOpsError(thrown);
    const facts = { correlationId: caller.correlationId, tool, code: error.code, facts: error.facts };
    // What a person can mend is answered, not logged; a fault of ours or of AWS's is both.
    if (EXPECTED.has(error.code)) parts.log.debug(facts, 'a call was refused');
    else parts.log.warn(error.code === 'internal' ? { ...facts, cause: error.cause } : facts, 'a call failed');
    await note(parts, {
      ...callerFacts(caller),
      type: 'error_occurred',
      tool,
      outcome: 'failed',
      summary: error.message,
      error_code: error.code,
    });
    return {
      status: 'failed',
      view: failureView(FAILED[error.code] ?? 'That did not work', error, caller.correlationId),
      error,
    };
  }
}

const EXPECTED: ReadonlySet<OpsError['code']> = new Set([
  'input_invalid',
  'unknown_tool',
  'not_found',
  'aws_not_found',
]);

/** Closed list of labels: what somebody typed must not become one. */
function labelOf({ tools }: GateParts, tool: string | undefined): string {
  if (tool === undefined) return 'decision';
  return tools.has(tool) ? tool : 'unknown';
}

const FAILED: Partial<Record<OpsError['code'], string>> = {
  input_invalid: 'That cannot be done as written',
  not_found: 'Not found',
  aws_not_found: 'Not found in AWS',
  aws_access_denied: 'AWS refused it',
  audit_unavailable: 'It could not be recorded',
  store_unavailable: 'The store does not answer',
};

async function submit(parts: GateParts, call: ToolCall, caller: Caller): Promise<GateOutcome> {
  const { tool: name, input: raw, cautions = [] } = call;
  const tool = parts.tools.get(name);
  if (!tool)
    throw new OpsError('unknown_tool', `There is no tool ${JSON.stringify(cleanText(name, 60))}.`, {
      hint: 'Type help to see what there is.',
    });
  const input = parseInput(tool, raw);
  const answer = parts.policy.ask(caller.person, { action: ACTION[tool.effect], tool: name, effect: tool.effect });
  if (!answer.allowed) {
    const refusal = policyRefusal(answer);
    await note(parts, {
      ...callerFacts(caller, input),
      type: 'access_denied',
      tool: name,
      outcome: 'denied',
      rule: answer.rule,
      summary: answer.because,
    });
    return { status: 'denied', view: refusalView(`Refused: ${tool.title}`, refusal, caller.correlationId) };
  }
  const region = typeof input.region === 'string' ? input.region : undefined;
  const context = await openContext(parts, {
    region,
    actor: { id: caller.person.id, name: caller.person.name },
    correlationId: caller.correlationId,
    signal: caller.signal,
    progress: caller.progress,
  });
  if (tool.effect === 'write') return propose(parts, { tool, input, cautions, caller, context });
  return runNow(parts, { tool, input, caller, context });
}

interface RunNow {
  tool: ReadTool;
  input: JsonObject;
  caller: Caller;
  context: ToolContext;
}

async function runNow(parts: GateParts, { tool, input, caller, context }: RunNow): Promise<GateOutcome> {
  const facts = {
    ...callerFacts(caller, input),
    type: 'tool_call_executed' as const,
    tool: tool.name,
    account: context.aws.account.id,
    region: context.aws.region,
    mode: parts.mode,
  };
  // A workflow leaves something behind, so it is recorded before it runs; a read may go on when records cannot (A3).
  if (tool.effect === 'workflow')
    await parts.audit.record({ ...facts, outcome: 'started', summary: `${tool.title}: started` });
  const output = await tool.execute(input, context);
  const view = { ...tool.view(output, sourceOf(parts, context), input), correlationId: caller.correlationId };
  await note(parts, { ...facts, outcome: 'done', summary: view.title });
  return { status: 'done', view, output };
}
