import type { Tool } from '../../tools/tool.ts';

/** The paths below /operations that take `{operation, parameters, user_context}`. */
export const PLACES = ['diagnostic', 'write', 'workflow', 'propose', 'approve', 'reject', 'status'] as const;
export type Place = (typeof PLACES)[number];

/** What is no tool: each name with the places that take it, the usual one first. The second names are those of the OpenAPI document. */
const ABOUT_CHANGES: Readonly<Record<string, readonly Place[]>> = {
  propose_action: ['propose', 'write'],
  approve_action: ['approve'],
  approve_change: ['approve'],
  reject_action: ['reject'],
  reject_change: ['reject'],
  get_request_status: ['status'],
  get_change_status: ['status'],
};

const OF_EFFECT: Readonly<Record<Tool['effect'], readonly Place[]>> = {
  read: ['diagnostic'],
  workflow: ['workflow'],
  // A write never runs here: what it answers is the proposal.
  write: ['write', 'propose'],
};

/** What a call means when it leaves `operation` out. */
export const USUAL: Partial<Record<Place, string>> = {
  propose: 'propose_action',
  approve: 'approve_action',
  reject: 'reject_action',
  status: 'get_request_status',
};

/** The places that take an operation; none for a name that means nothing. */
export function placesOf(operation: string, tools: ReadonlyMap<string, Tool>): readonly Place[] {
  if (Object.hasOwn(ABOUT_CHANGES, operation)) return ABOUT_CHANGES[operation] ?? [];
  const tool = tools.get(operation);
  return tool ? OF_EFFECT[tool.effect] : [];
}
