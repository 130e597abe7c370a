import { asOpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Stored } from '../store/store.ts';
import type { PlannedChange, WriteTool } from '../tools/tool.ts';
import type { Approval, Verified } from './approval.ts';
import type { GateParts } from './gate-parts.ts';
import { move } from './moves.ts';
import { openAsPlanned } from './tool-context.ts';

const FIRST_LOOK_MS = 1_000;
const SLOWEST_LOOK_MS = 10_000;

/** Looks at AWS until the effect of an executed change is seen, contradicted, or its tool's time is over (G12). Changes nothing. */
export async function verify(parts: GateParts, row: Stored<Approval>, signal: AbortSignal): Promise<Stored<Approval>> {
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, SLOWEST_LOOK_MS)) {
    const looked = await lookOnce(parts, row, signal, wait);
    if (looked.value.verified?.state !== 'waiting') return looked;
    await parts.clock.sleep(wait, signal);
  }
}

/** One look, for those who must not wait. It concludes what it sees, or that the tool's time is over `nextInMs` from now. */
export async function lookOnce(
  parts: GateParts,
  row: Stored<Approval>,
  signal: AbortSignal,
  nextInMs = 0,
): Promise<Stored<Approval>> {
  const { plan, outcome, verified } = row.value;
  if (verified?.state !== 'waiting') return row;
  const tool = parts.tools.get(plan.tool);
  if (tool?.effect !== 'write') return conclude(parts, row, 'not_seen', `${plan.tool} is no longer among the tools.`);
  const seen = await look(parts, row.value, tool, signal);
  if (seen.state !== 'pending') return conclude(parts, row, seen.state, seen.text);
  const until = Date.parse(outcome?.at ?? plan.created_at) + tool.verifyWithinMs;
  if (parts.clock.now() + nextInMs <= until) return row;
  const minutes = Math.max(1, Math.round(tool.verifyWithinMs / 60_000));
  return conclude(parts, row, 'not_seen', `The effect was not seen within ${minutes} min: ${seen.text}`);
}

async function look(parts: GateParts, approval: Approval, tool: WriteTool, signal: AbortSignal) {
  const { plan } = approval;
  try {
    const context = await openAsPlanned(parts, approval, { signal, progress: () => {} });
    return await tool.verify(plan.params as JsonObject, asPlanned(plan), context);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { state: 'pending' as const, text: asOpsError(thrown).message };
  }
}

/** The stored plan in the shape its tool wrote. */
export function asPlanned(plan: Approval['plan']): PlannedChange {
  const { action, targets, changes, snapshot, risk, risk_reasons: riskReasons, impact, warnings } = plan;
  return { action, targets, changes, snapshot, risk, riskReasons, impact, warnings };
}

async function conclude(
  parts: GateParts,
  row: Stored<Approval>,
  state: Verified['state'],
  text: string,
): Promise<Stored<Approval>> {
  const verified = { state, text, at: new Date(parts.clock.now()).toISOString() };
  const facts = { type: 'change_verified' as const, outcome: state, summary: `${row.value.plan.action}: ${text}` };
  return (await move(parts, row, { event: { type: 'verify', verified }, facts })).row;
}
