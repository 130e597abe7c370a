import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import { put, type Store, update, type Write } from '../../store/store.ts';
import { type Incident, incidentCounterKind, incidentKind } from './incident.ts';

const ATTEMPTS = 40;
/** The longest wait grows by this with each attempt, up to half a second. */
const WAIT_STEP_MS = 20;
const LONGEST_WAIT_MS = 500;

/**
 * Gives the incident the next number of its year and stores both in one transaction, so that numbers have no gaps.
 * When somebody else took the number first, it waits a random moment, at most half a second, and takes the next; 40 times at most.
 *
 * @throws OpsError `store_unavailable`, retryable, when it never got a number
 */
export async function fileIncident(
  draft: Omit<Incident, 'id' | 'created_at'>,
  { store, clock, signal }: { store: Store; clock: Clock; signal: AbortSignal },
): Promise<Incident> {
  const now = new Date(clock.now());
  const year = String(now.getUTCFullYear());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { number, write } = await nextNumber(store, year);
    const incident = { ...draft, id: `INC-${year}-${String(number).padStart(6, '0')}`, created_at: now.toISOString() };
    const result = await store.transact([write, put(incidentKind, incident.id, incident)]);
    if (result.committed) return incident;
    const longest = Math.min(LONGEST_WAIT_MS, WAIT_STEP_MS * (attempt + 1));
    await clock.sleep(Math.ceil(Math.random() * longest), signal);
  }
  throw new OpsError('store_unavailable', 'The incident could not get a number: too many are being created at once.', {
    hint: 'Try again in a few seconds; nothing was stored.',
    retryable: true,
  });
}

async function nextNumber(store: Store, year: string): Promise<{ number: number; write: Write }> {
  const counter = await store.get(incidentCounterKind, year);
  if (counter === undefined) return { number: 1, write: put(incidentCounterKind, year, { last: 1 }) };
  const number = counter.value.last + 1;
  return { number, write: update(incidentCounterKind, counter, { last: number }) };
}
