import { utc } from '../lib/utc.ts';
import type { Stored } from '../store/store.ts';
import type { Approval } from './approval.ts';
import type { AuditFacts } from './audit-record.ts';
import type { Caller, DecisionCall, GateOutcome } from './call.ts';
import { limitsReached, whyClosed } from './closed.ts';
import { actorOf, callerFacts } from './facts-of.ts';
import { wantsFreshSignIn } from './fresh-sign-in.ts';
import type { GateParts } from './gate-parts.ts';
import type { Refused } from './machine.ts';
import { find, findByToken, type Moved, move } from './moves.ts';
import { note } from './note.ts';
import { guardTarget, planDigest } from './plan.ts';
import { policyRefusal, type Refusal, refusalView } from './refusals.ts';
import { rejectionWrite } from './rejected.ts';
import { viewFor } from './view-for.ts';

/** Runs a change that has just been approved; given by the executor. */
type Execute = (row: Stored<Approval>, caller: Caller) => Promise<Stored<Approval>>;

/** A person's yes, no or never mind. The platform vouches for the person; the store holds all else. */
export async function decide(
  parts: GateParts,
  execute: Execute,
  call: DecisionCall,
  caller: Caller,
): Promise<GateOutcome> {
  const found = await lookUp(parts, call);
  if (!found) return refuse(parts, caller, call, undefined, NOT_FOUND);
  const row = await expireIfDue(parts, found);
  const refusal = await mayNot(parts, call, caller, row.value);
  if (refusal) return refuse(parts, caller, call, row, refusal);

  const moved = await castVote(parts, call, caller, row);
  if (!moved.moved) return refuse(parts, caller, call, moved.row, whyNot(moved.refused, moved.row.value));
  parts.crash('P5');
  const after = moved.row.value.state === 'approved' ? await execute(moved.row, caller) : moved.row;
  return outcomeOf(parts, after);
}

/** What the decider is told: the card as it stands now. */
export function outcomeOf(parts: GateParts, { id, version, value }: Stored<Approval>): GateOutcome {
  const shown = { view: viewFor(parts, value), approvalId: id, version };
  if (['pending', 'approved', 'executing'].includes(value.state)) return { status: 'pending', ...shown };
  if (['failed', 'unknown', 'invalidated', 'expired'].includes(value.state)) return { status: 'failed', ...shown };
  return { status: 'done', ...shown };
}

async function lookUp({ store }: GateParts, { by }: DecisionCall): Promise<Stored<Approval> | undefined> {
  return 'approvalId' in by ? find(store, by.approvalId) : findByToken(store, by.token);
}

/** Time moves a change as much as people do: whoever looks first records it. */
export async function expireIfDue(parts: GateParts, row: Stored<Approval>): Promise<Stored<Approval>> {
  if (row.value.state !== 'pending' || parts.clock.now() < Date.parse(row.value.expires_at)) return row;
  const facts = { type: 'approval_expired' as const, summary: `Nobody decided in time: ${row.value.plan.action}` };
  return (await move(parts, row, { event: { type: 'expire' }, facts })).row;
}

async function mayNot(
  parts: GateParts,
  call: DecisionCall,
  caller: Caller,
  approval: Approval,
): Promise<Refusal | undefined> {
  const { plan, state, digest } = approval;
  const own = caller.person.id === plan.requester;
  if (call.verdict === 'cancel') return own ? undefined : NOT_YOURS;
  // Said before a reason is asked for that would not count. The rules say it again of every approval.
  if (caller.person.service) return SERVICES_NEVER_DECIDE;
  if (call.verdict === 'reject' && !call.reason?.trim()) return REASON_WANTED(plan.change_id);
  if (planDigest(plan) !== digest) return TAMPERED;
  for (const target of plan.targets) {
    const guarded = guardTarget(target, parts.environment);
    const answer = parts.policy.ask(caller.person, {
      action: 'approve',
      target: guarded,
      risk: plan.risk,
      own: own && call.verdict === 'approve',
    });
    if (!answer.allowed) return policyRefusal(answer);
  }
  if (call.verdict !== 'approve' || state !== 'pending') return undefined;
  const arns = plan.targets.map(({ arn }) => arn);
  // A limit that is reached now is told before the vote, so that the request is not spent on it.
  const [closed, reached] = await Promise.all([whyClosed(parts), limitsReached(parts, arns, plan.change_id)]);
  return closed[0] ?? reached[0] ?? wantsFreshSignIn(parts, caller, approval);
}

async function castVote(parts: GateParts, call: DecisionCall, caller: Caller, row: Stored<Approval>): Promise<Moved> {
  const { plan, digest } = row.value;
  const now = parts.clock.now();
  const vote = {
    person: caller.person.id,
    name: caller.person.name,
    verdict: call.verdict,
    at: new Date(now).toISOString(),
    reason: call.reason?.trim(),
    digest: 'approvalId' in call.by ? (call.by.digest ?? digest) : digest,
  };
  const rejected = { tool: plan.tool, input: plan.params, account: plan.account, region: plan.region };
  for (let tries = 1; ; tries += 1) {
    const moved = await move(parts, row, {
      event: { type: 'vote', vote },
      actor: actorOf(caller),
      facts: { ...SAYS[call.verdict](plan.action), origin: caller.origin, turn_id: caller.turnId },
      writes: call.verdict === 'reject' ? [await rejectionWrite(parts.store, rejected, row.id, now)] : [],
      before: call.verdict === 'approve' ? Date.parse(row.value.expires_at) : undefined,
    });
    // Somebody rejected the same proposal of another person in this moment: this vote counts all the same.
    if (moved.moved || moved.refused !== 'neighbour' || tries >= VOTE_TRIES) return moved;
  }
}

const VOTE_TRIES = 10;

const SAYS: Record<DecisionCall['verdict'], (action: string) => Pick<AuditFacts, 'type' | 'summary'>> = {
  approve: (action) => ({ type: 'approval_granted', summary: `Approved: ${action}` }),
  reject: (action) => ({ type: 'approval_denied', summary: `Rejected: ${action}` }),
  cancel: (action) => ({ type: 'approval_cancelled', summary: `Cancelled: ${action}` }),
};

async function refuse(
  parts: GateParts,
  caller: Caller,
  call: DecisionCall,
  row: Stored<Approval> | undefined,
  refusal: Refusal,
): Promise<GateOutcome> {
  const token = 'token' in call.by;
  await note(parts, {
    ...callerFacts(caller),
    type: token && row?.value.state !== 'pending' ? 'token_refused' : 'access_denied',
    tool: row?.value.plan.tool,
    change_id: row?.id,
    plan_digest: row?.value.digest,
    outcome: 'denied',
    rule: refusal.rule,
    summary: `${call.verdict} refused: ${refusal.because}`,
  });
  const title = row ? `Not counted: ${row.value.plan.action}` : 'Not counted';
  return { status: 'denied', view: refusalView(title, refusal, caller.correlationId), approvalId: row?.id };
}

const NOT_FOUND: Refusal = {
  rule: 'known-approval',
  because: 'There is no such approval, or its token is not valid.',
  next: 'Type approvals to see what is waiting.',
};
const NOT_YOURS: Refusal = {
  rule: 'cancel-own',
  because: 'Only the requester may cancel a request.',
  next: 'Reject it instead, with a reason.',
};
const SERVICES_NEVER_DECIDE: Refusal = {
  rule: 'services-never-decide',
  because: 'Services read and propose; they approve and reject nothing.',
  next: 'Ask a person to decide: the card names who may. A service may cancel what it proposed itself.',
};
const TAMPERED: Refusal = {
  rule: 'same-digest',
  because: 'The stored change is not the one that was proposed.',
  next: 'Do not approve it. Tell an admin, and run: opsagent audit verify',
};
const REASON_WANTED = (id: string): Refusal => ({
  rule: 'reason-required',
  because: 'A rejection needs a reason; the requester will read it.',
  next: `Say it with the reason: reject ${id} because …`,
});

function whyNot(refused: Refused | 'neighbour', { state, votes, expires_at, plan }: Approval): Refusal {
  const last = votes.at(-1);
  const again = 'Propose it again if it is still wanted.';
  switch (refused) {
    case 'expired':
    case 'too_late_to_execute':
      return { rule: 'expired', because: `It expired at ${utc(expires_at)}.`, next: again };
    case 'voted_before':
      return {
        rule: 'one-vote-each',
        because: `You approved it already; ${plan.quorum} different people must.`,
        next: 'Ask another person to approve.',
      };
    case 'digest_differs':
      return {
        rule: 'same-digest',
        because: 'The card you pressed shows another version of this change.',
        next: 'Open it from the pending list and look again.',
      };
    case 'neighbour':
    case 'not_possible_now':
      return {
        rule: 'one-at-a-time',
        because: 'Somebody changed it in the same moment.',
        next: 'Look at the card and press again.',
      };
    default: {
      const who = last ? `${inPast[last.verdict]} by ${last.name} at ${utc(last.at)}` : state;
      return {
        rule: 'already-decided',
        because: `It is already decided: ${who} (now ${state.replace('_', ' ')}).`,
        next: 'Nothing to do.',
      };
    }
  }
}

const inPast = { approve: 'approved', reject: 'rejected', cancel: 'cancelled' } as const;
