import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { startDeadline } from '../lib/deadline.ts';
import { type Kind, put, type Store, type Stored, update } from '../store/store.ts';

const Delivery = z.strictObject({
  /** Everything up to this number has arrived. */
  up_to: z.number().int().min(0),
  /** Up to here was announced as late. */
  late_to: z.number().int().min(0),
  /** Who delivers at present, and until when (epoch ms) nobody else does. */
  holder: z.string(),
  until: z.number(),
});
export type Delivered = Pick<z.output<typeof Delivery>, 'up_to' | 'late_to'>;

/** How far one second place has come, a row each. */
export const deliveryKind: Kind<z.output<typeof Delivery>> = { name: 'audit_delivery', schema: Delivery, indexes: {} };

const CLAIM_MS = 30_000;
const NOTHING: Delivered = { up_to: 0, late_to: 0 };

export async function readDelivered(store: Store, place: string): Promise<Delivered> {
  return (await store.get(deliveryKind, place))?.value ?? NOTHING;
}

interface Parts {
  store: Store;
  clock: Clock;
  /** Names this process. */
  holder: string;
}

/**
 * Lets one process at a time deliver to `place`; `send` tells how far it got. False: another one is at it. What was sent and
 * could not be noted is sent again, so a place may hold things twice and never lacks one.
 *
 * @throws what `send` throws, after giving the turn back
 */
export async function deliverInTurn(
  { store, clock, holder }: Parts,
  place: string,
  send: (delivered: Delivered) => Promise<Delivered>,
): Promise<boolean> {
  const row = await claim({ store, clock, holder }, place);
  if (!row) return false;
  const { up_to, late_to } = row.value;
  let reached: Delivered = { up_to, late_to };
  try {
    reached = await send(reached);
  } finally {
    await store.transact([update(deliveryKind, row, { ...reached, holder: '', until: 0 })]);
  }
  return true;
}

async function claim({ store, clock, holder }: Parts, place: string) {
  const held = await store.get(deliveryKind, place);
  const now = clock.now();
  if (held && held.value.until > now && held.value.holder !== holder) return undefined;
  const value = { ...NOTHING, ...held?.value, holder, until: now + CLAIM_MS };
  const write = held ? update(deliveryKind, held, value) : put(deliveryKind, place, value);
  const { committed } = await store.transact([write]);
  const row: Stored<typeof value> = { id: place, version: (held?.version ?? 0) + 1, value };
  return committed ? row : undefined;
}

/** Ends after `ms` whatever `run` does: a disk that hangs does not listen to signals. */
export async function withinTime<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, over } = startDeadline(ms);
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([run(signal), late.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
    over();
  }
}
