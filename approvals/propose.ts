import { newApprovalToken, newId, sha256Hex } from '../lib/ids.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { Stored } from '../store/store.ts';
import type { PlannedChange, ToolContext, WriteTool } from '../tools/tool.ts';
import { type Approval, approvalKind } from './approval.ts';
import { askedFirst, cards } from './asked.ts';
import type { Caller, GateOutcome } from './call.ts';
import { whyClosed } from './closed.ts';
import { callerFacts } from './facts-of.ts';
import type { GateParts } from './gate-parts.ts';
import { create } from './moves.ts';
import { note } from './note.ts';
import { samePlace } from './outbox.ts';
import { guardTarget, type Plan, planDigest, snapshotHash } from './plan.ts';
import type { PolicyAnswer } from './policy.ts';
import { whyNotSame } from './preflight.ts';
import { policyRefusal, type Refusal, refusalView } from './refusals.ts';
import { wasJustRejected } from './rejected.ts';
import { readSlot, sameProposal } from './same-proposal.ts';
import { standingWarnings } from './standing-warnings.ts';
import { sourceOf } from './tool-context.ts';
import { toolSchemaHash } from './tool-hash.ts';
import { viewFor } from './view-for.ts';

interface Proposal {
  tool: WriteTool;
  input: JsonObject;
  cautions: readonly string[];
  caller: Caller;
  context: ToolContext;
}

/** Plans a change, stores it, and asks for approval. Reads AWS; changes nothing there. */
export async function propose(parts: GateParts, proposal: Proposal): Promise<GateOutcome> {
  const { tool, input, caller, context } = proposal;
  const planned = await tool.plan(input, context);
  const forbidden = byRules(parts, caller, planned);
  if (forbidden) return deny(parts, proposal, planned, forbidden);

  const { account, region } = context.aws;
  const same = sameProposal({ tool: tool.name, input, account: account.id, region });
  const key = `${caller.person.id} ${same}`;
  const id = newId('chg');
  const now = parts.clock.now();
  // Asked together: of a table these rows are one call, the two lists and the change that the slot names one each.
  const [closed, rejected, slot, tooMany, warnings] = await Promise.all([
    whyClosed(parts),
    wasJustRejected(parts.store, same, now),
    readSlot(parts.store, key, now),
    overCap(parts, caller),
    standingWarnings(parts, planned, id),
  ]);
  const refused = closed[0] ?? (rejected ? JUST_REJECTED : undefined);
  if (refused) return deny(parts, proposal, planned, refused);
  if (slot.waiting && !whyNotSame(parts, slot.waiting.value, tool)) return showAgain(parts, proposal, slot.waiting);
  if (tooMany) return deny(parts, proposal, planned, tooMany);

  const token = newApprovalToken();
  const approval = draft(parts, proposal, planned, { id, token, now, warnings });
  const view = viewFor(parts, approval);
  const elsewhere = approval.asked.filter((place) => !samePlace(place, caller.conversation));
  const created = await create(
    parts,
    approval,
    {
      ...callerFacts(caller, input),
      type: 'approval_requested',
      tool: tool.name,
      outcome: 'pending',
      summary: planned.action,
      change_id: approval.id,
      to: 'pending',
      version: 1,
      plan_digest: approval.digest,
      snapshot_hash: snapshotHash(planned.snapshot),
      policy_hash: parts.policy.hash,
      targets: approval.plan.targets.map(({ arn }) => arn),
      account: approval.plan.account,
      region: approval.plan.region,
      mode: parts.mode,
    },
    [slot.take(id), ...cards(approval, view, elsewhere, now)],
  );
  // Somebody was quicker with the very same: theirs is the one.
  if (!created) return propose(parts, proposal);
  return { status: 'pending', view: { ...view, token }, approvalId: approval.id, version: 1, token };
}

async function deny(
  parts: GateParts,
  { tool, input, caller, context }: Proposal,
  planned: PlannedChange,
  refusal: Refusal,
): Promise<GateOutcome> {
  await note(parts, {
    ...callerFacts(caller, input),
    type: 'access_denied',
    tool: tool.name,
    outcome: 'denied',
    rule: refusal.rule,
    summary: `${planned.action}: ${refusal.because}`,
    account: context.aws.account.id,
    region: context.aws.region,
    targets: planned.targets.map(({ arn }) => arn),
  });
  const view = refusalView(`Refused: ${planned.action}`, refusal, caller.correlationId);
  return { status: 'denied', view: { ...view, source: sourceOf(parts, context) } };
}

async function showAgain(
  parts: GateParts,
  { tool, input, caller }: Proposal,
  { id, version, value }: Stored<Approval>,
): Promise<GateOutcome> {
  await note(parts, {
    ...callerFacts(caller, input),
    type: 'tool_call_executed',
    tool: tool.name,
    outcome: 'pending',
    change_id: id,
    summary: `Already waiting: ${value.plan.action}`,
  });
  const view = { ...viewFor(parts, value), note: 'This was already waiting; no second request was made.' };
  return { status: 'pending', view, approvalId: id, version };
}

function byRules(
  { environment, policy }: GateParts,
  { person }: Caller,
  { targets, risk }: PlannedChange,
): Refusal | undefined {
  for (const target of targets) {
    const answer: PolicyAnswer = policy.ask(person, {
      action: 'change',
      target: guardTarget(target, environment),
      risk,
    });
    if (!answer.allowed) return policyRefusal(answer);
  }
  return undefined;
}

const JUST_REJECTED: Refusal = {
  rule: 'just-rejected',
  because: 'The same change was rejected less than 60 seconds ago.',
  next: 'Talk to the person who rejected it, or wait a minute and give a better reason.',
};

async function overCap({ settings, store }: GateParts, caller: Caller): Promise<Refusal | undefined> {
  const cap = settings().value.limits.pending_per_person;
  const mine = await store.places(approvalKind, {
    index: 'by_requester',
    partition: caller.person.id,
    limit: Math.min(cap + 1, 200),
  });
  if (mine.rows.length < cap) return undefined;
  return {
    rule: 'pending-limit',
    because: `${mine.rows.length} of your changes are waiting for approval; at most ${cap} may.`,
    next: 'Cancel one that is no longer wanted, or wait for a decision.',
  };
}

/** Origins of programs: what they are told is the answer to their call, and a message to them would wait for ever. */
const ANSWERED_ONCE: ReadonlySet<string> = new Set(['api', 'mcp']);

interface NewChange {
  id: string;
  token: string;
  /** Epoch ms. */
  now: number;
  warnings: readonly string[];
}

function draft(
  parts: GateParts,
  { tool, input, cautions, caller, context }: Proposal,
  planned: PlannedChange,
  { id, token, now, warnings }: NewChange,
): Approval {
  const settings = parts.settings().value;
  const iso = (ms: number) => new Date(ms).toISOString();
  const plan: Plan = {
    change_id: id,
    tool: tool.name,
    tool_schema_hash: toolSchemaHash(tool),
    params: input as Record<string, Json>,
    action: planned.action,
    targets: [...planned.targets].sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    account: context.aws.account.id,
    account_alias: context.aws.account.alias,
    region: context.aws.region,
    mode: parts.mode,
    changes: planned.changes,
    snapshot: planned.snapshot,
    risk: planned.risk,
    risk_reasons: planned.riskReasons,
    impact: planned.impact,
    warnings: [...cautions, ...warnings, ...planned.warnings],
    policy_hash: parts.policy.hash,
    quorum: settings.quorum[planned.risk],
    requester: caller.person.id,
    reason: typeof input.reason === 'string' ? input.reason : undefined,
    created_at: iso(now),
    expires_at: iso(now + settings.approval_minutes * 60_000),
    nonce: newId('n'),
  };
  return {
    id,
    state: 'pending',
    plan,
    digest: planDigest(plan),
    token_hash: sha256Hex(token),
    votes: [],
    correlation_id: caller.correlationId,
    created_at: plan.created_at,
    updated_at: plan.created_at,
    expires_at: plan.expires_at,
    fence: 0,
    ended_because: [],
    asked_in: ANSWERED_ONCE.has(caller.origin) ? undefined : caller.conversation,
    asked: askedFirst(parts),
    reminders: 0,
  };
}
