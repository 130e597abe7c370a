import type { Approval } from '../../../approvals/approval.ts';
import type { Reboot } from '../../e2e/aws-oracle.ts';

/** A change that was raced for, and how it stands in the store. */
export interface Raced {
  instance: string;
  state: Approval['state'];
}

/** As Jepsen's total-queue: what was approved against what AWS was asked for. */
export interface Tally {
  /** Changes that people decided to make. */
  approved: number;
  executed: number;
  duplicates: string[];
  /** Approved, never executed, and nobody was told that it is not known. */
  lost: string[];
  /** Executed though it was rejected, or though nobody asked for it. */
  unexpected: string[];
  /** A process died during the call: at most one was made, and it was reported as unknown. */
  unknown: number;
}

const UNKNOWN: readonly Approval['state'][] = ['unknown', 'closed_unknown'];
const NOT_APPROVED: readonly Approval['state'][] = ['pending', 'rejected', 'cancelled', 'invalidated'];

/** Joins the store's word on each change with the oracle's calls, by instance: each change had one of its own. */
export function tally(changes: readonly Raced[], reboots: readonly Reboot[]): Tally {
  const times = new Map<string, number>();
  for (const { id } of reboots) times.set(id, (times.get(id) ?? 0) + 1);
  const known = new Set(changes.map(({ instance }) => instance));
  const result: Tally = {
    ...{ approved: 0, executed: 0, duplicates: [], lost: [], unknown: 0 },
    unexpected: [...times.keys()].filter((id) => !known.has(id)),
  };
  for (const change of changes) judge(result, change, times.get(change.instance) ?? 0);
  return result;
}

function judge(result: Tally, { instance, state }: Raced, calls: number): void {
  if (calls > 1) result.duplicates.push(`${instance} was executed ${calls} times`);
  if (NOT_APPROVED.includes(state)) {
    if (calls > 0) result.unexpected.push(`${instance} is ${state} and was executed`);
    return;
  }
  result.approved += 1;
  if (calls > 0) result.executed += 1;
  if (UNKNOWN.includes(state)) result.unknown += 1;
  else if (calls === 0) result.lost.push(`${instance} is ${state} and was not executed`);
}

/** What came to light, one line each. */
export const brokenTally = ({ duplicates, lost, unexpected }: Tally): string[] => [
  ...duplicates,
  ...lost,
  ...unexpected,
];
