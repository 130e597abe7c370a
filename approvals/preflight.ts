import { asOpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { PlannedChange, WriteTool } from '../tools/tool.ts';
import type { Approval } from './approval.ts';
import { whyClosed } from './closed.ts';
import type { GateParts } from './gate-parts.ts';
import { type Limits, readLimits } from './ledger.ts';
import { guardTarget, type Plan, planDigest } from './plan.ts';
import type { Settings } from './settings.ts';
import { openFor } from './tool-context.ts';
import { toolSchemaHash } from './tool-hash.ts';
import { limitVerdict, type Reason, worldVerdict } from './verdict.ts';

export type Preflight = { ok: true; tool: WriteTool; limits: Limits } | { ok: false; reasons: Reason[] };

interface Look {
  signal: AbortSignal;
  progress: (text: string) => void;
}

/** Everything that was true when people said yes, asked once more just before the call (G9). */
export async function preflight(parts: GateParts, approval: Approval, look: Look): Promise<Preflight> {
  const { plan } = approval;
  const tool = parts.tools.get(plan.tool);
  const other = whyNotSame(parts, approval, tool);
  if (other) return { ok: false, reasons: [other] };
  if (tool?.effect !== 'write') return { ok: false, reasons: [gone(plan.tool)] };

  const now = parts.clock.now();
  const arns = plan.targets.map(({ arn }) => arn);
  const [limits, closed] = await Promise.all([readLimits(parts.store, arns, approval.id, now), whyClosed(parts)]);
  const settings = parts.settings();
  const early = [...closed, ...limitVerdict(limits, settings.value, now), ...tooFew(settings.value, approval)];
  if (early.length > 0) return { ok: false, reasons: early };

  look.progress('checking that nothing changed since it was proposed…');
  const world = await readAgain(parts, approval, tool, look);
  if ('reason' in world) return { ok: false, reasons: [world.reason] };
  const reasons = [...policyAgain(parts, approval, world.planned), ...worldVerdict(plan, world.planned)];
  if (reasons.length > 0) return { ok: false, reasons };
  const unsealed = await notSealed(parts, plan);
  return unsealed ? { ok: false, reasons: [unsealed] } : { ok: true, tool, limits };
}

/** Why a stored change is not what could run here now: its digest, its tool, its mode. Undefined: it is. */
export function whyNotSame(
  parts: GateParts,
  { plan, digest }: Approval,
  tool: Parameters<typeof toolSchemaHash>[0] | undefined,
): Reason | undefined {
  if (planDigest(plan) !== digest) {
    return {
      rule: 'same-digest',
      because: 'The stored change is not the one that was approved.',
      next: 'Tell an admin, and run: opsagent audit verify',
      weight: 'void',
    };
  }
  if (tool && toolSchemaHash(tool) !== plan.tool_schema_hash)
    return { ...gone(plan.tool), because: `${plan.tool} itself changed since it was approved.` };
  if (plan.mode === parts.mode) return undefined;
  return {
    rule: 'same-mode',
    because: `It was approved in ${plan.mode}; this is ${parts.mode}.`,
    next: 'Propose it again.',
    weight: 'void',
  };
}

/** Counted anew from the votes themselves, and by the rule of now: a state in the store is no yes of people (G3). */
function tooFew({ quorum }: Settings, { plan, digest, votes }: Approval): Reason[] {
  const wanted = Math.max(plan.quorum, quorum[plan.risk]);
  const counted = votes.filter((vote) => vote.verdict === 'approve' && vote.digest === digest);
  const people = new Set(counted.map(({ person }) => person)).size;
  if (people >= wanted) return [];
  return [
    {
      rule: 'quorum',
      because: `A ${plan.risk}-risk change takes ${wanted} people; ${people} approved it.`,
      next: 'Propose it again.',
      weight: 'void',
    },
  ];
}

/** What led to a high-risk change is out of everybody's reach before it runs (F1). */
async function notSealed({ sealRecord }: GateParts, { risk }: Plan): Promise<Reason | undefined> {
  const because = risk === 'high' ? await sealRecord?.() : undefined;
  if (because === undefined) return undefined;
  return {
    rule: 'record-outside',
    because: `No audit checkpoint arrived in its second place: ${because}`,
    next: 'Repair AUDIT_CHECKPOINTS; health says more.',
    weight: 'wait',
  };
}

function gone(tool: string): Reason {
  return {
    rule: 'same-tool',
    because: `${tool} is no longer among the tools.`,
    next: 'Propose it again.',
    weight: 'void',
  };
}

async function readAgain(
  parts: GateParts,
  approval: Approval,
  tool: WriteTool,
  { signal, progress }: Look,
): Promise<{ planned: PlannedChange } | { reason: Reason }> {
  const { plan } = approval;
  try {
    const context = await openFor(parts, approval, { signal, progress });
    if (context.aws.account.id !== plan.account) {
      return {
        reason: {
          rule: 'same-account',
          because: `It was approved for account ${plan.account}; this is ${context.aws.account.id}.`,
          next: 'Propose it again.',
          weight: 'void',
        },
      };
    }
    return { planned: await tool.plan(plan.params as JsonObject, context) };
  } catch (thrown) {
    const { message, hint, retryable } = asOpsError(thrown);
    return {
      reason: {
        rule: 'readable-before-execution',
        because: `The target could not be read again: ${message}`,
        next: hint,
        // A hiccup of AWS is waited out, within the change's deadline.
        weight: retryable ? 'wait' : 'void',
      },
    };
  }
}

/** Requester and approvers may have lost their role, the tag may be gone, the rules may have tightened (A10, A11). */
function policyAgain(parts: GateParts, { plan, votes }: Approval, planned: PlannedChange): Reason[] {
  const asked = planned.targets.flatMap((target) => {
    const guarded = guardTarget(target, parts.environment);
    const requester = {
      person: plan.requester,
      question: { action: 'change' as const, target: guarded, risk: plan.risk },
    };
    const approvers = votes
      .filter(({ verdict }) => verdict === 'approve')
      .map(({ person }) => ({
        person,
        question: { action: 'approve' as const, target: guarded, risk: plan.risk, own: person === plan.requester },
      }));
    return [requester, ...approvers];
  });
  const reasons = new Map<string, Reason>();
  for (const { person, question } of asked) {
    const known = parts.people.find(person);
    const answer = known ? parts.policy.ask(known, question) : LEFT(person);
    if (!answer.allowed) reasons.set(`${answer.rule} ${answer.because}`, { ...answer, weight: 'void' });
  }
  return [...reasons.values(), ...riskier(plan, planned)];
}

const LEFT = (person: string) => ({
  allowed: false as const,
  rule: 'allow-list',
  because: `${person} is no longer on the allow-list.`,
  next: 'Propose it again.',
  whoMay: [],
});

function riskier(plan: Plan, { risk }: PlannedChange): Reason[] {
  if (risk === plan.risk) return [];
  return [
    {
      rule: 'same-risk',
      because: `It was approved as ${plan.risk} risk and is ${risk} now.`,
      next: 'Propose it again.',
      weight: 'void',
    },
  ];
}
