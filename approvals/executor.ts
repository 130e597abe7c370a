import type { Field } from '../cards/view.ts';
import { asOpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { utc } from '../lib/utc.ts';
import type { Stored } from '../store/store.ts';
import type { Grant } from '../tools/aws/aws.ts';
import { mayHaveBeenApplied } from '../tools/aws/errors.ts';
import { mintPermit } from '../tools/aws/permit.ts';
import type { ToolContext, WriteTool } from '../tools/tool.ts';
import type { Approval } from './approval.ts';
import type { AuditActor } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import { claimWrites } from './ledger.ts';
import { SEND_WITHIN_MS } from './machine.ts';
import { find, move } from './moves.ts';
import type { Sent } from './outcome-spool.ts';
import { notPaused } from './pause.ts';
import { type Preflight, preflight } from './preflight.ts';
import { recordOutcome } from './record-outcome.ts';
import { openAsPlanned } from './tool-context.ts';
import type { Reason } from './verdict.ts';

/** While a neighbour is busy an approved change asks again this often, until its deadline. */
const ASK_AGAIN_MS = 500;

interface Run {
  actor?: AuditActor;
  signal: AbortSignal;
  progress: (text: string) => void;
}

interface PatientRun extends Run {
  /** Aborts when the process stops: waiting for a neighbour ends, a call under way does not. */
  stopping: AbortSignal;
}

/**
 * Runs an approved change at most once: checks the world again, commits the INTENT with the claim, calls AWS once,
 * commits the OUTCOME. Called again for the same change it does nothing: only the claim that commits may call.
 */
export async function execute(parts: GateParts, row: Stored<Approval>, run: PatientRun): Promise<Stored<Approval>> {
  let current = row;
  while (current.value.state === 'approved') {
    current = await attempt(parts, current, run);
    if (current.value.state !== 'approved') return current;
    if (run.stopping.aborted) return current;
    await parts.clock.sleep(ASK_AGAIN_MS, AbortSignal.any([run.signal, run.stopping])).catch(() => undefined);
    if (run.signal.aborted) return current;
    current = (await find(parts.store, current.id)) ?? current;
  }
  return current;
}

/** One try: the change runs, ends without running, or stays approved because a neighbour is busy. */
export async function attempt(parts: GateParts, row: Stored<Approval>, run: Run): Promise<Stored<Approval>> {
  const checked = await preflight(parts, row.value, run);
  if (!checked.ok) return holdBack(parts, row, checked.reasons);
  const claimed = await claim(parts, row, run, checked);
  return claimed.executing ? call(parts, claimed.row, run, checked.tool) : claimed.row;
}

/** Void reasons end the change; mere waiting leaves it approved until its deadline. */
async function holdBack(parts: GateParts, row: Stored<Approval>, reasons: Reason[]): Promise<Stored<Approval>> {
  const late = parts.clock.now() >= Date.parse(row.value.exec_deadline ?? '');
  if (!late && reasons.every(({ weight }) => weight === 'wait')) return row;
  const because = reasons.map((reason) => `${reason.because} ${reason.next}`);
  const rule = reasons.map((reason) => reason.rule).join(', ');
  const facts = { type: 'change_invalidated' as const, rule, summary: because.join(' ') };
  return (await move(parts, row, { event: { type: 'invalidate', because }, facts })).row;
}

async function expire(parts: GateParts, row: Stored<Approval>): Promise<Stored<Approval>> {
  const summary = `Approved, but it could not start in time: ${row.value.plan.action}`;
  return (await move(parts, row, { event: { type: 'expire' }, facts: { type: 'approval_expired', summary } })).row;
}

type Claimed = { executing: boolean; row: Stored<Approval> };

/** A lock, a rest, a counter or the pause that another process moved in between refuses the whole claim; it is tried again. */
async function claim(parts: GateParts, row: Stored<Approval>, { actor }: Run, { limits }: Passed): Promise<Claimed> {
  const { plan, fence, exec_deadline } = row.value;
  const arns = plan.targets.map(({ arn }) => arn);
  const moved = await move(parts, row, {
    event: { type: 'claim', holder: parts.holder },
    actor,
    facts: { type: 'change_intent', summary: `About to call AWS once: ${plan.action}` },
    writes: [notPaused(), ...claimWrites(limits, arns, row.id, fence + 1, parts.clock.now())],
    before: Date.parse(exec_deadline ?? ''),
  });
  if (moved.moved) return { executing: true, row: moved.row };
  if (moved.refused !== 'too_late_to_execute') return { executing: false, row: moved.row };
  return { executing: false, row: await expire(parts, moved.row) };
}

type Passed = Extract<Preflight, { ok: true }>;

function call(parts: GateParts, row: Stored<Approval>, run: Run, tool: WriteTool): Promise<Stored<Approval>> {
  const facts = { tool: tool.name, changeId: row.id, correlationId: row.value.correlation_id };
  return parts.telemetry.span('execute', facts, async (tell) => {
    parts.crash('P6');
    const sent = await send(parts, row, run, tool);
    parts.crash('P8');
    const recorded = await recordOutcome(parts, row, run.actor, sent);
    parts.crash('P9');
    tell({ outcome: sent.state });
    return recorded;
  });
}

async function send(parts: GateParts, { id, value }: Stored<Approval>, run: Run, tool: WriteTool): Promise<Sent> {
  const { signal, progress } = run;
  const claimedAt = Date.parse(value.updated_at);
  const inTime = () => parts.clock.now() < claimedAt + SEND_WITHIN_MS;
  const grant = grantFor(parts, value, tool);
  let context: ToolContext;
  try {
    context = await openAsPlanned(parts, value, {
      signal,
      progress,
      permit: mintPermit(id, value.fence, inTime, grant),
    });
  } catch (thrown) {
    // Nothing has left yet: this is a failure, whatever it was.
    return notDone(parts, id, 'failed', thrown);
  }
  const at = () => new Date(parts.clock.now()).toISOString();
  progress(`${value.plan.action}…`);
  try {
    if (parts.mode === 'DRY_RUN')
      return { state: 'succeeded', outcome: { at: at(), lines: await dryRun(tool, value, context) } };
    const output = await tool.execute(value.plan.params as JsonObject, context);
    parts.crash('P7');
    return {
      state: 'succeeded',
      outcome: { at: at(), lines: tool.outcome(output).map(inWords) },
      verify_ms: tool.verifyWithinMs,
    };
  } catch (thrown) {
    return notDone(parts, id, mayHaveBeenApplied(thrown) ? 'unknown' : 'failed', thrown);
  }
}

/** No more than the plan that people said yes to; the last of them is named. */
function grantFor({ environment }: GateParts, { plan, votes }: Approval, { iam }: WriteTool): Grant {
  const approver = votes.findLast(({ verdict }) => verdict === 'approve')?.person ?? plan.requester;
  return { actions: iam, targets: plan.targets.map(({ arn }) => arn), approver, environment };
}

function notDone({ log, clock }: GateParts, changeId: string, state: 'failed' | 'unknown', thrown: unknown): Sent {
  const { code, message, hint, facts } = asOpsError(thrown);
  log.warn({ changeId, code, facts }, 'the call to AWS did not succeed');
  const request_id = facts.request_id === undefined ? undefined : String(facts.request_id);
  return {
    state,
    outcome: { at: new Date(clock.now()).toISOString(), lines: [], error: { code, message, hint }, request_id },
  };
}

/** 'Expected by: 2026-11-21 03:04:05 UTC.' */
function inWords({ label, value }: Field): string {
  if (typeof value === 'string') return `${label}: ${value}.`;
  return `${label}: ${'at' in value ? utc(value.at) : value.text}.`;
}

async function dryRun(tool: WriteTool, { plan }: Approval, context: ToolContext): Promise<string[]> {
  if (!tool.dryRun) return ['Everything was checked but the last step: AWS has no dry run for this call.'];
  await tool.dryRun(plan.params as JsonObject, context);
  return ['AWS says the permission is there (DryRun). Nothing was changed.'];
}
