import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { put, type Store } from '../store/store.ts';
import { CHAIN, type ChainHead, GENESIS } from './audit-record.ts';
import { readHead, recordsOf, walk } from './audit-walk.ts';
import {
  type Checkpoint,
  checkpointHash,
  checkpointId,
  checkpointKind,
  lastCheckpoint,
  signedBytes,
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

/** Whether records wait for a checkpoint: a hundred of them, or any when the last one is a minute old. */
export function isDue(head: Pick<ChainHead, 'seq'>, last: Checkpoint | undefined, now: number): boolean {
  const waiting = head.seq - (last?.seq ?? 0);
  return waiting >= EVERY_RECORDS || (waiting > 0 && now - (last ? Date.parse(last.at) : 0) >= EVERY_MS);
}

/**
 * Signs how far the chain has come. Only what follows from the last checkpoint is signed, so that a chain which was written
 * anew gets no signature; of several processes at once one wins, and the others make none. `now`: due or not.
 *
 * @throws OpsError `store_corrupt` for a chain that does not follow from its last checkpoint
 */
export async function makeCheckpoint({ store, clock, signer, node }: Maker, when: 'due' | 'now'): Promise<void> {
  const last = await lastCheckpoint(store);
  const head = await readHead(store);
  if (when === 'due' ? !isDue(head, last, clock.now()) : head.seq <= (last?.seq ?? 0)) return;
  const start = { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
  const { end, firstBad } = await walk(recordsOf(store, start.seq + 1), start);
  if (firstBad) throw broken(firstBad.seq, firstBad.because);
  if (end.seq === start.seq) return;

  const { keyId, sign } = await signer();
  const bare = {
    v: 1 as const,
    chain: CHAIN,
    number: (last?.number ?? 0) + 1,
    seq: end.seq,
    hash: end.hash,
    prev: last ? checkpointHash(last) : GENESIS,
    at: new Date(clock.now()).toISOString(),
    node,
    key: keyId,
  };
  const checkpoint = { ...bare, signature: (await sign(signedBytes(bare))).toString('base64') };
  await store.transact([put(checkpointKind, checkpointId(checkpoint.number), checkpoint)]);
}

function broken(seq: number, because: string): OpsError {
  return new OpsError('store_corrupt', `Audit record ${seq} is bad: ${because}. It is not signed.`, {
    hint: 'Keep the store as it is, and run: opsagent audit verify',
    facts: { seq },
  });
}
