import { z } from 'zod';
import { check, type Kind, put, remove, type Store, type Stored, update, type Write } from '../store/store.ts';

const Iso = z.string();

/** One row that every claim and every outcome moves: the hourly and concurrent limits hold across processes. */
const Ledger = z.strictObject({
  /** Starts of the last hour, oldest first. */
  started: z.array(Iso),
  /** Changes executing now. */
  running: z.array(z.string()),
});
type Ledger = z.output<typeof Ledger>;

const ledgerKind: Kind<Ledger> = { name: 'ledger', schema: Ledger, indexes: {} };

const Lock = z.strictObject({ change_id: z.string(), fence: z.number().int() });

/** One change at a time on one resource; taken and given back with the state change itself. */
const lockKind: Kind<z.output<typeof Lock>> = { name: 'resource_lock', schema: Lock, indexes: {} };

const Cooldown = z.strictObject({ change_id: z.string(), until: Iso });

/** After a failure the resource is left alone for a while. */
const cooldownKind: Kind<z.output<typeof Cooldown>> = {
  name: 'cooldown',
  schema: Cooldown,
  indexes: {},
  expiresAt: ({ until }) => Date.parse(until),
};

const HOUR_MS = 3_600_000;
const LEDGER = 'all';

export interface Limits {
  row: Stored<Ledger> | undefined;
  startedLastHour: number;
  /** When the oldest start of the last hour is an hour old: the next free slot. */
  nextSlotAt?: string;
  running: number;
  lockedBy?: string;
  coolingUntil?: string;
  /** What was read of the rest of each resource, in the order of `arns`. */
  rests: readonly (Stored<z.output<typeof Cooldown>> | undefined)[];
}

/** Reads what the limits stand at for these resources. */
export async function readLimits(
  store: Store,
  arns: readonly string[],
  changeId: string,
  now: number,
): Promise<Limits> {
  const [row, locks, rests] = await Promise.all([
    store.get(ledgerKind, LEDGER),
    Promise.all(arns.map((arn) => store.get(lockKind, arn))),
    Promise.all(arns.map((arn) => store.get(cooldownKind, arn))),
  ]);
  const started = recent(row?.value.started ?? [], now);
  return {
    row,
    startedLastHour: started.length,
    nextSlotAt: started[0] && new Date(Date.parse(started[0]) + HOUR_MS).toISOString(),
    running: (row?.value.running ?? []).filter((id) => id !== changeId).length,
    lockedBy: locks.find((lock) => lock && lock.value.change_id !== changeId)?.value.change_id,
    coolingUntil: rests.find((rest) => rest && Date.parse(rest.value.until) > now)?.value.until,
    rests,
  };
}

/**
 * The writes of a claim: count it, and lock each resource. They conflict when another process was first, and when a resource has failed
 * since: rows that are read together are not of one moment.
 */
export function claimWrites(
  { row, rests }: Limits,
  arns: readonly string[],
  changeId: string,
  fence: number,
  now: number,
): Write[] {
  const started = [...recent(row?.value.started ?? [], now), new Date(now).toISOString()];
  const next = { started, running: [...(row?.value.running ?? []), changeId] };
  return [
    row ? update(ledgerKind, row, next) : put(ledgerKind, LEDGER, next),
    ...arns.map((arn) => put(lockKind, arn, { change_id: changeId, fence })),
    ...arns.map((arn, index) => check(cooldownKind, arn, rests[index]?.version ?? 'absent')),
  ];
}

/** The writes that give back what a claim took; with `coolUntil` the resources rest. */
export async function releaseWrites(
  store: Store,
  arns: readonly string[],
  changeId: string,
  coolUntil?: number,
): Promise<Write[]> {
  const writes: Write[] = [];
  const [row, locks, cooldowns] = await Promise.all([
    store.get(ledgerKind, LEDGER),
    Promise.all(arns.map((arn) => store.get(lockKind, arn))),
    Promise.all(arns.map((arn) => (coolUntil === undefined ? undefined : store.get(cooldownKind, arn)))),
  ]);
  if (row?.value.running.includes(changeId)) {
    writes.push(update(ledgerKind, row, { ...row.value, running: row.value.running.filter((id) => id !== changeId) }));
  }
  for (const [index, arn] of arns.entries()) {
    const lock = locks[index];
    if (lock?.value.change_id === changeId) writes.push(remove(lockKind, lock));
    if (coolUntil === undefined) continue;
    const resting = { change_id: changeId, until: new Date(coolUntil).toISOString() };
    const cooldown = cooldowns[index];
    writes.push(cooldown ? update(cooldownKind, cooldown, resting) : put(cooldownKind, arn, resting));
  }
  return writes;
}

function recent(started: readonly string[], now: number): string[] {
  return started.filter((at) => Date.parse(at) > now - HOUR_MS);
}
