import type { Json } from '../lib/json.ts';
import { utc } from '../lib/utc.ts';
import type { PlannedChange } from '../tools/tool.ts';
import type { Limits } from './ledger.ts';
import { type Plan, snapshotHash } from './plan.ts';
import type { ChangeWindow, Settings } from './settings.ts';

/** Why a change may not run. `wait`: it may a little later, unchanged; `void`: the approval is worth nothing any more. */
export interface Reason {
  rule: string;
  because: string;
  next: string;
  weight: 'wait' | 'void';
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** The kill switch and the change windows: asked when a change is proposed and again when it is to run. */
export function timeVerdict(settings: Settings, paused: string | undefined, now: number): Reason[] {
  const reasons: Reason[] = [];
  if (settings.changes === 'paused' || paused !== undefined) {
    reasons.push({
      rule: 'kill-switch',
      because: paused ?? 'All changes are paused in the policy file.',
      next: 'Ask an ops lead or an admin to resume changes.',
      weight: 'void',
    });
  }
  if (settings.change_windows.length > 0 && !settings.change_windows.some((window) => isOpen(window, now))) {
    reasons.push({
      rule: 'change-window',
      because: `Changes run only ${settings.change_windows.map(inWords).join(' or ')} UTC.`,
      next: 'Propose it again inside the window.',
      weight: 'void',
    });
  }
  return reasons;
}

/** Limits and neighbours, looked at just before a claim. */
export function limitVerdict(limits: Limits, settings: Settings, now: number): Reason[] {
  const reasons: Reason[] = [];
  const { per_hour: perHour, concurrent } = settings.limits;
  if (limits.lockedBy) {
    reasons.push({
      rule: 'one-change-at-a-time',
      because: `${limits.lockedBy} is being executed on this resource.`,
      next: 'Wait for it to end, then ask again.',
      weight: 'wait',
    });
  }
  if (limits.running >= concurrent) {
    reasons.push({
      rule: 'concurrent-limit',
      because: `${limits.running} changes are being executed; at most ${concurrent} may be.`,
      next: 'Wait for one to end, then ask again.',
      weight: 'wait',
    });
  }
  if (limits.startedLastHour >= perHour) {
    reasons.push({
      rule: 'hourly-limit',
      because: `${limits.startedLastHour} changes were started in the last hour; at most ${perHour} may be.`,
      next: `Try again after ${utc(limits.nextSlotAt ?? '')}, or ask an admin to raise limits.per_hour in the policy file.`,
      weight: 'void',
    });
  }
  if (limits.coolingUntil && Date.parse(limits.coolingUntil) > now) {
    reasons.push({
      rule: 'cooldown-after-failure',
      because: `A change on this resource failed; it rests until ${utc(limits.coolingUntil)}.`,
      next: 'Find out why it failed, then ask again after that time.',
      weight: 'void',
    });
  }
  return reasons;
}

/** Is the world still the one that was approved? Names each material fact that moved. */
export function worldVerdict(plan: Plan, now: PlannedChange): Reason[] {
  const before = plan.snapshot;
  const after = now.snapshot;
  const same = snapshotHash(before as Json) === snapshotHash(after);
  const sameTargets =
    plan.targets.map(({ arn }) => arn).join() ===
    now.targets
      .map(({ arn }) => arn)
      .sort()
      .join();
  if (same && sameTargets) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const moved = names.map((name) => `${name} was ${shown(before[name])} and is now ${shown(after[name])}`);
  return [
    {
      rule: 'unchanged-since-approval',
      because: `Something changed since it was proposed: ${moved.join('; ') || 'the target itself'}.`,
      next: 'Look at the resource, then propose it again.',
      weight: 'void',
    },
  ];
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'not set';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isOpen({ days, from, to }: ChangeWindow, now: number): boolean {
  const at = new Date(now);
  const clock = at.toISOString().slice(11, 16);
  const today = DAYS[at.getUTCDay()] ?? 'sun';
  const yesterday = DAYS[(at.getUTCDay() + 6) % 7] ?? 'sun';
  if (from <= to) return days.includes(today) && clock >= from && clock < to;
  // Over midnight: the evening belongs to today, the morning to the day before.
  return (days.includes(today) && clock >= from) || (days.includes(yesterday) && clock < to);
}

function inWords({ days, from, to }: ChangeWindow): string {
  return `${days.join(', ')} ${from}–${to}`;
}
