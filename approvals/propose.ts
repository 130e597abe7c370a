import { newApprovalToken, newId, sha256Hex } from '../lib/ids.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { utc } from '../lib/utc.ts';
import type { Stored } from '../store/store.ts';
import type { PlannedChange, ToolContext, WriteTool } from '../tools/tool.ts';
import { type Approval, approvalKind } from './approval.ts';
import { approvalView } from './approval-view.ts';
import { askedFirst, cards } from './asked.ts';
import type { Caller, GateOutcome } from './call.ts';
import { limitsReached, whyClosed } from './closed.ts';
import { callerFacts } from './facts-of.ts';
import type { GateParts } from './gate-parts.ts';
import { create } from './moves.ts';
import { note } from './note.ts';
import { samePlace } from './outbox.ts';
import { type Person, ROLES, type Role } from './people.ts';
import { guardTarget, type Plan, planDigest, snapshotHash } from './plan.ts';
import type { PolicyAnswer } from './policy.ts';
import { inWords, policyRefusal, type Refusal, refusalView } from './refusals.ts';
import { wasJustRejected } from './rejected.ts';
import { sameProposal, takeSlot } from './same-proposal.ts';
import { sourceOf } from './tool-context.ts';
import { toolSchemaHash } from './tool-hash.ts';

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
  const refused = await refuse(parts, proposal, planned);
  if (refused) return deny(parts, proposal, planned, refused);

  const { account, region } = context.aws;
  const key = `${caller.person.id} ${sameProposal({ tool: tool.name, input, account: account.id, region })}`;
  const waiting = await alreadyWaiting(parts, key);
  if (waiting) return showAgain(parts, proposal, waiting);
  const tooMany = await overCap(parts, caller);
  if (tooMany) return deny(parts, proposal, planned, tooMany);

  const token = newApprovalToken();
  const approval = await draft(parts, proposal, planned, { key, token });
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
    [await takeSlot(parts.store, key, approval.id), ...cards(approval, view, elsewhere, parts.clock.now())],
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

/** The card with who may decide it, while that is still the question. `undo`: the command that takes it back. */
export function viewFor(parts: GateParts, approval: Approval, undo?: string) {
  const { consoleUrl } = parts;
  if (approval.state !== 'pending') return approvalView(approval, { undo, consoleUrl });
  return approvalView(approval, { ...whoMayApprove(parts, approval.plan), consoleUrl });
}

/** 'admin, ops-lead or engineer, but not the requester': whoever approves must be allowed to for every target. */
function whoMayApprove({ policy, people, environment }: GateParts, { targets, risk, requester }: Plan) {
  const guarded = targets.map((target) => guardTarget(target, environment));
  const asked = guarded.map((target) => policy.whoMay({ action: 'approve', target, risk, own: false }));
  const roles = ROLES.filter((role) => asked.every((may) => may.includes(role)));
  if (roles.length === 0) return { mayApprove: 'nobody', deciders: [] };
  const person = people.find(requester) ?? { id: requester, roles: [] };
  const alone = guarded.every((target) => policy.ask(person, { action: 'approve', target, risk, own: true }).allowed);
  return {
    mayApprove: `${inWords(roles)}, ${alone ? 'the requester too' : 'but not the requester'}`,
    deciders: deciders(people.list(), roles, alone ? undefined : requester),
  };
}

/** Enough for the platforms that give people cards of their own. */
const MOST_DECIDERS = 60;

function deciders(people: readonly Person[], roles: readonly Role[], butNot: string | undefined): string[] {
  const found: string[] = [];
  for (const { id, roles: theirs } of people) {
    if (found.length >= MOST_DECIDERS) break;
    if (id !== butNot && theirs.some((role) => roles.includes(role))) found.push(id);
  }
  return found;
}

async function refuse(
  parts: GateParts,
  { tool, input, caller, context }: Proposal,
  planned: PlannedChange,
): Promise<Refusal | undefined> {
  const { environment, policy, clock, store } = parts;
  for (const target of planned.targets) {
    const answer: PolicyAnswer = policy.ask(caller.person, {
      action: 'change',
      target: guardTarget(target, environment),
      risk: planned.risk,
    });
    if (!answer.allowed) return policyRefusal(answer);
  }
  const [closed] = await whyClosed(parts);
  if (closed) return closed;
  const proposed = { tool: tool.name, input, account: context.aws.account.id, region: context.aws.region };
  if (!(await wasJustRejected(store, proposed, clock.now()))) return undefined;
  return {
    rule: 'just-rejected',
    because: 'The same change was rejected less than 60 seconds ago.',
    next: 'Talk to the person who rejected it, or wait a minute and give a better reason.',
  };
}

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

async function alreadyWaiting({ store, clock }: GateParts, key: string): Promise<Stored<Approval> | undefined> {
  const page = await store.query(approvalKind, { index: 'by_proposal', partition: key, newestFirst: true, limit: 1 });
  const [row] = page.rows;
  return row && Date.parse(row.value.expires_at) > clock.now() ? row : undefined;
}

/** Origins of programs: what they are told is the answer to their call, and a message to them would wait for ever. */
const ANSWERED_ONCE: ReadonlySet<string> = new Set(['api', 'mcp']);

async function draft(
  parts: GateParts,
  { tool, input, cautions, caller, context }: Proposal,
  planned: PlannedChange,
  { key, token }: { key: string; token: string },
): Promise<Approval> {
  const now = parts.clock.now();
  const settings = parts.settings().value;
  const iso = (ms: number) => new Date(ms).toISOString();
  const id = newId('chg');
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
    warnings: [
      ...cautions,
      ...(await neighbours(parts, planned, now)),
      ...(
        await limitsReached(
          parts,
          planned.targets.map(({ arn }) => arn),
          id,
        )
      ).map(({ because, next }) => `${because} ${next}`),
      ...planned.warnings,
    ],
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
    proposal_key: key,
  };
}

/** Other changes of the same resource that whoever approves this one must know of (SAFETY §5.4). */
async function neighbours({ store }: GateParts, { targets }: PlannedChange, now: number): Promise<string[]> {
  const [target] = targets;
  if (!target) return [];
  const page = await store.query(approvalKind, {
    index: 'by_target',
    partition: target.arn,
    newestFirst: true,
    limit: 10,
  });
  return page.rows.flatMap(({ id, value: { state, created_at, expires_at, plan } }) => {
    if (state === 'unknown' || state === 'closed_unknown')
      return [`Possible repeat of ${id} of ${utc(created_at)}, whose outcome is not known.`];
    const open = state === 'approved' || state === 'executing' || (state === 'pending' && now < Date.parse(expires_at));
    return open ? [`${id} is open on the same resource: ${plan.action}.`] : [];
  });
}
