import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { put, type Store } from '../store/store.ts';
import { quoted, readChains } from './audit-chains.ts';
import { GENESIS } from './audit-record.ts';
import { type ChainEnd, countUpTo, endIn, type FirstBad, readHeads, recordsOf, walk } from './audit-walk.ts';
import {
  type Checkpoint,
  checkpointHash,
  checkpointId,
  checkpointKind,
  headsOf,
  lastCheckpoint,
  signedBytes,
  type Unsigned,
} from './checkpoint.ts';
import type { Signer } from './checkpoint-keys.ts';

export interface Maker {
  store: Store;
  clock: Clock;
  /** Opened when there is something to sign: a key service that is down must not keep OpsAgent from starting. */
  signer(): Promise<Signer>;
  /** Names this process. */
  node: string;
}

export const EVERY_RECORDS = 100;
export const EVERY_MS = 60_000;

/** Whether records that wait for a checkpoint get one: a hundred do, and any when the last one is a minute old. */
export function isDue(waiting: number, last: Pick<Checkpoint, 'at'> | undefined, now: number): boolean {
  return waiting >= EVERY_RECORDS || (waiting > 0 && now - (last ? Date.parse(last.at) : 0) >= EVERY_MS);
}

/**
 * Signs how far each chain has come. Only what follows from the last checkpoint is signed, so that a chain which was written
 * anew gets no signature; of several processes at once one wins, and the others make none. `now`: due or not.
 *
 * @throws OpsError `store_corrupt` for a chain that does not follow from the last checkpoint
 */
export async function makeCheckpoint({ store, clock, signer, node }: Maker, when: 'due' | 'now'): Promise<void> {
  const { names } = await readChains(store);
  const last = await lastCheckpoint(store);
  const heads = await readHeads(store, names);
  const covered = names.map((name) => endIn(headsOf(last), name));
  const waiting = countUpTo(heads) - countUpTo(covered);
  if (when === 'due' ? !isDue(waiting, last, clock.now()) : waiting <= 0) return;
  const ends: ChainEnd[] = [];
  for (const start of covered) ends.push(await follow(store, start, clock.now()));
  if (countUpTo(ends) === countUpTo(covered)) return;

  const { keyId, sign } = await signer();
  const number = (last?.number ?? 0) + 1;
  const prev = last ? checkpointHash(last) : GENESIS;
  const bare = unsigned(ends, { number, prev, at: new Date(clock.now()).toISOString(), node, key: keyId });
  const checkpoint = { ...bare, signature: (await sign(signedBytes(bare))).toString('base64') };
  await store.transact([put(checkpointKind, checkpointId(number), checkpoint)]);
}

async function follow(store: Store, start: ChainEnd, now: number): Promise<ChainEnd> {
  const { end, firstBad } = await walk(recordsOf(store, start.chain, start.seq + 1), start, undefined, now);
  if (firstBad) throw broken(firstBad);
  return end;
}

/** One chain keeps the form that it always had. */
function unsigned(ends: ChainEnd[], common: Pick<Checkpoint, 'number' | 'prev' | 'at' | 'node' | 'key'>): Unsigned {
  const [end] = ends;
  return end && ends.length === 1 ? { v: 1, ...end, ...common } : { v: 2, heads: ends, ...common };
}

function broken({ because, ...record }: FirstBad): OpsError {
  return new OpsError('store_corrupt', `Audit record ${quoted(record)} is bad: ${because}. It is not signed.`, {
    hint: 'Keep the store as it is, and run: opsagent audit verify',
    facts: { seq: record.seq, chain: record.chain },
  });
}
