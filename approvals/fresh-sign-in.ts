import type { Approval } from './approval.ts';
import type { Caller } from './call.ts';
import type { GateParts } from './gate-parts.ts';
import type { Refusal } from './refusals.ts';
import { isFreshSignIn, STEP_UP_RISKS } from './step-up.ts';

/**
 * Why a yes does not count yet: a chat vouches for an account that may lie open somewhere, so a high risk takes a person who has
 * just signed in. The same through every door; nothing where nobody can sign in.
 */
export async function wantsFreshSignIn(
  { stepUp, clock }: Pick<GateParts, 'stepUp' | 'clock'>,
  caller: Caller,
  { id, digest, plan, votes }: Approval,
): Promise<Refusal | undefined> {
  if (!stepUp || !STEP_UP_RISKS.includes(plan.risk) || isFreshSignIn(caller, clock.now())) return undefined;
  // Their second yes is refused as that, not after another sign-in.
  if (votes.some(({ person }) => person === caller.person.id)) return undefined;
  const url = await stepUp.link(caller.person.id, { id, digest });
  return {
    rule: 'fresh-sign-in',
    because: `Its risk is ${plan.risk}: a yes counts only from somebody who signed in within the last 5 minutes.`,
    next: `${url ? 'Open the link within 5 minutes' : `Open ${id} in the console`}, sign in, and approve there. Nothing is decided by opening it.`,
    actions: url ? [{ kind: 'link', label: 'Sign in to approve', url }] : undefined,
  };
}
