import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import type { Asked, Read } from './asked.ts';
import { given, toolCall } from './input.ts';
import type { Place } from './operations.ts';
import { wrongCall } from './problem.ts';
import { read } from './read-shape.ts';

type Parameters = Readonly<Record<string, unknown>>;
type Tools = ReadonlyMap<string, Tool>;

const Token = z
  .string('the token of the proposal, like approve-…')
  .regex(/^approve-[A-Za-z0-9_-]{16,128}$/, 'a token looks like approve-… and is in the answer to the proposal')
  .describe('Token from the answer to the proposal');
const ChangeId = z
  .string()
  .regex(/^chg-[0-9a-f]{12}$/, 'the id of a change looks like chg-0123456789ab')
  .describe('Id of the change from the answer to the proposal, like chg-0123456789ab');
const Reason = z.string().max(1_000, 'at most 1,000 characters');

const Proposed = z.looseObject({
  action: z.string().max(100).optional(),
  operation: z.string().max(100).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
// Loose: what else is sent, `confirmed: true` for one, is taken and means nothing (Q6).
export const Approval = z.looseObject({
  approval_token: Token,
  reason: Reason.optional().describe('Why it is right; kept on record'),
});
const WhyNot = Reason.describe('Why not; the requester reads it');

export const Rejection = z.looseObject({
  approval_token: Token,
  reason: WhyNot.optional(),
});

/** What the document says of it: a form has to ask for the reason. A call without one is refused in words that a person reads. */
export const RejectionForm = Rejection.extend({ reason: WhyNot });
export const Status = z.looseObject({ approval_id: ChangeId });
const Looked = z.looseObject({ approval_id: ChangeId.optional(), approval_token: Token.optional() });

/** `{action, …its parameters}`, or `{operation, parameters: {…}}`. */
export function readProposal(tools: Tools, parameters: Parameters): Read {
  const parsed = read(Proposed, given(parameters), HOW.propose);
  if ('refused' in parsed) return parsed;
  const { action, operation, parameters: inner, ...rest } = parsed.value;
  const name = action ?? operation;
  if (name === undefined) return { refused: wrongCall(400, 'input_invalid', 'action is missing.', HOW.propose) };
  const tool = tools.get(name);
  if (tool?.effect === 'write') return { asked: toolCall(tool, inner ?? rest) };
  const actions = [...tools.values()].filter(({ effect }) => effect === 'write').map((one) => one.name);
  const message = tool ? `${tool.name} changes nothing, so there is nothing to propose.` : 'There is no such action.';
  const code = tool ? 'input_invalid' : 'unknown_tool';
  return { refused: wrongCall(tool ? 400 : 404, code, message, `What can be proposed: ${actions.join(', ')}.`) };
}

/** `{approval_token, reason?}`. Who decides is who signed in; the token alone counts for nothing. */
export function readDecision(verdict: 'approve' | 'reject', parameters: Parameters): Read {
  const parsed = read(verdict === 'approve' ? Approval : Rejection, given(parameters), HOW[verdict]);
  if ('refused' in parsed) return parsed;
  const { approval_token: token, reason } = parsed.value;
  return { asked: { kind: 'decision', said: { text: '', decision: { verdict, token, reason } } } };
}

/** `{approval_id}` or `{approval_token}`. */
export function readStatus(parameters: Parameters): Read {
  const parsed = read(Looked, given(parameters), HOW.status);
  if ('refused' in parsed) return parsed;
  const { approval_id: id, approval_token: token } = parsed.value;
  if (id) return { asked: statusOf(id) };
  if (token) return { asked: statusOf(`token:${token}`) };
  return { refused: wrongCall(400, 'input_invalid', 'approval_id is missing.', HOW.status) };
}

/** As a person would type it: who may see a change is the bot's to say. */
export function statusOf(change: string): Asked {
  return { kind: 'status', said: { text: `show ${change}` } };
}

const HOW = {
  propose: 'Send parameters like {"action": "reboot_ec2", "instance_id": "i-…", "reason": "…"}.',
  approve: 'Send parameters like {"approval_token": "approve-…"}.',
  reject: 'Send parameters like {"approval_token": "approve-…", "reason": "…"}.',
  status:
    'Send parameters like {"approval_id": "chg-…"} or {"approval_token": "approve-…"}; both stand in the answer to the proposal.',
} as const satisfies Partial<Record<Place, string>>;
