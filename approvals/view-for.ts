import type { Approval } from './approval.ts';
import { approvalView } from './approval-view.ts';
import type { GateParts } from './gate-parts.ts';
import { type Person, ROLES, type Role } from './people.ts';
import { guardTarget, type Plan } from './plan.ts';
import { inWords } from './refusals.ts';

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
