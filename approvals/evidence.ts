import { asOpsError } from '../lib/errors.ts';
import type { Stored } from '../store/store.ts';
import { isWriteAction } from '../tools/aws/write-actions.ts';
import { type FoundCall, findCalls } from '../tools/cloudtrail/find-call.ts';
import type { WriteTool } from '../tools/tool.ts';
import type { Approval, Outcome } from './approval.ts';
import type { GateParts } from './gate-parts.ts';
import { EXEC_WITHIN_MS, SEND_WITHIN_MS } from './machine.ts';
import { move } from './moves.ts';
import { endWrites } from './record-outcome.ts';
import { openAsPlanned } from './tool-context.ts';

/** CloudTrail tells of a call after minutes; sooner is asked for nothing. */
const FIRST_LOOK_MS = 60_000;
const LOOK_AGAIN_MS = 30_000;
const GIVE_UP_MS = 15 * 60_000;
/** Clocks differ, and CloudTrail's times are whole seconds. */
const LEEWAY_MS = 30_000;
/** CloudTrail answers two requests a second for the whole account and Region; sweeps come every 5 s, in several processes. */
const LOOKS_A_SWEEP = 2;

/** Looks in CloudTrail for the calls of changes whose outcome is not known. */
export interface EvidenceSearch {
  /** One round; says how many changes are known by now. Never throws for a change that cannot be looked up. */
  round(unknown: readonly Stored<Approval>[], signal: AbortSignal): Promise<number>;
}

/** Nothing is resent, and nothing is concluded from silence: without an event the change stays unknown, for a person to judge. */
export function createEvidenceSearch(parts: GateParts): EvidenceSearch {
  const nextLook = new Map<string, number>();

  const isDue = ({ id, value }: Stored<Approval>): boolean => {
    const now = parts.clock.now();
    const since = Date.parse(value.updated_at);
    return now >= since + FIRST_LOOK_MS && now <= since + GIVE_UP_MS && now >= (nextLook.get(id) ?? 0);
  };

  /** Else the first that are not found would be looked up again and again, and the others never. */
  const longestUnseenFirst = (one: Stored<Approval>, other: Stored<Approval>): number =>
    (nextLook.get(one.id) ?? 0) - (nextLook.get(other.id) ?? 0);

  return {
    async round(unknown, signal) {
      const ids = new Set(unknown.map(({ id }) => id));
      for (const id of nextLook.keys()) if (!ids.has(id)) nextLook.delete(id);
      let known = 0;
      for (const row of unknown.filter(isDue).sort(longestUnseenFirst).slice(0, LOOKS_A_SWEEP)) {
        if (signal.aborted) break;
        nextLook.set(row.id, parts.clock.now() + LOOK_AGAIN_MS);
        if (await lookInTrail(parts, row, signal)) known += 1;
      }
      return known;
    },
  };
}

async function lookInTrail(parts: GateParts, row: Stored<Approval>, signal: AbortSignal): Promise<boolean> {
  const { plan } = row.value;
  const tool = parts.tools.get(plan.tool);
  const [target, ...others] = plan.targets;
  // A dry run changed nothing; of several targets one event would not tell.
  if (tool?.effect !== 'write' || plan.mode === 'DRY_RUN' || !target || others.length > 0) return false;
  try {
    const { aws } = await openAsPlanned(parts, row.value, { signal, progress: () => {} });
    const found = await findCalls(await aws.client('cloudtrail'), sought(row.value, tool, target.arn));
    return await conclude(parts, row, tool, found);
  } catch (thrown) {
    parts.log.warn({ changeId: row.id, error: asOpsError(thrown).message }, 'CloudTrail could not be searched');
    return false;
  }
}

function sought({ id, correlation_id: correlationId, exec_deadline }: Approval, { iam }: WriteTool, arn: string) {
  const deadline = Date.parse(exec_deadline ?? '');
  return {
    actions: iam.filter(isWriteAction),
    resourceArn: arn,
    from: deadline - EXEC_WITHIN_MS - LEEWAY_MS,
    to: deadline + SEND_WITHIN_MS + LEEWAY_MS,
    changeId: id,
    correlationId,
  };
}

async function conclude(
  parts: GateParts,
  row: Stored<Approval>,
  tool: WriteTool,
  found: readonly FoundCall[],
): Promise<boolean> {
  const [call, ...more] = found;
  if (!call) return false;
  if (more.length > 0 || call.result === 'failed in AWS') {
    const eventIds = found.map(({ eventId }) => eventId);
    parts.log.warn({ changeId: row.id, eventIds }, 'what CloudTrail has does not tell whether the change was made');
    return false;
  }
  const evidence = `CloudTrail event ${call.eventId}: ${call.event} at ${call.at}`;
  const made = call.result === 'made';
  const line = made
    ? `AWS received it once. ${evidence}.`
    : `AWS refused it with ${call.error}. ${evidence}. Nothing was changed.`;
  const outcome: Outcome = { at: call.at, lines: [line] };
  const event = made
    ? { type: 'reconcile' as const, state: 'succeeded' as const, outcome, verifyMs: tool.verifyWithinMs }
    : { type: 'reconcile' as const, state: 'failed' as const, outcome };
  const writes = await endWrites(parts, row, event.state);
  return (await move(parts, row, { event, facts: { type: 'change_reconciled', summary: line }, writes })).moved;
}
