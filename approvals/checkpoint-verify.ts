import type { Store } from '../store/store.ts';
import { CHAIN, GENESIS } from './audit-record.ts';
import type { FirstBad } from './audit-walk.ts';
import { type Checkpoint, checkpointHash, checkpointsOf, readCheckpointLine } from './checkpoint.ts';
import { type PublicKeys, signatureFault } from './checkpoint-keys.ts';
import type { CheckpointPlace } from './checkpointer.ts';
import { readDelivered } from './delivery.ts';

/** What is said of checkpoints: by the store, and by the second place, which the holder of the store cannot change. */
export interface Said {
  store: ReadonlyMap<number, Checkpoint>;
  place: ReadonlyMap<number, Checkpoint>;
  /** Up to here the second place had them all. */
  delivered: number;
  /** Numbers for which the second place says two different things. */
  contradicted: readonly number[];
  /** Lines of the second place that are no checkpoints: a write that broke off, or somebody's hand. */
  brokenLines: number;
}

export async function readCheckpoints(store: Store, place: CheckpointPlace): Promise<Said> {
  // In this order: what has arrived by then is in the second place, and what is there by then is in the store.
  const { up_to: delivered } = await readDelivered(store, place.name);
  const outside = await collect(place.read());
  const inStore = new Map<number, Checkpoint>();
  for await (const checkpoint of checkpointsOf(store)) inStore.set(checkpoint.number, checkpoint);
  return { store: inStore, delivered, ...outside };
}

async function collect(lines: AsyncIterable<string>): Promise<Pick<Said, 'place' | 'contradicted' | 'brokenLines'>> {
  const place = new Map<number, Checkpoint>();
  const contradicted: number[] = [];
  let brokenLines = 0;
  for await (const line of lines) {
    const checkpoint = readCheckpointLine(line);
    if (!checkpoint) {
      if (line.trim()) brokenLines += 1;
      continue;
    }
    const said = place.get(checkpoint.number);
    if (!said) place.set(checkpoint.number, checkpoint);
    else if (checkpointHash(said) !== checkpointHash(checkpoint)) contradicted.push(checkpoint.number);
  }
  return { place, contradicted, brokenLines };
}

export interface Judged {
  /** Signed, without a hole, each following from the one before. */
  sound: Checkpoint[];
  /** Where the first one that is not sound would begin to vouch. */
  firstBad?: FirstBad;
}

/** Takes checkpoints in order until the first that cannot be trusted. */
export function judgeCheckpoints(said: Said, keys: PublicKeys): Judged {
  const sound: Checkpoint[] = [];
  const newestOutside = Math.max(0, ...said.place.keys(), said.delivered);
  const newest = Math.max(newestOutside, ...said.store.keys());
  for (let number = 1; number <= newest; number += 1) {
    const before = sound.at(-1);
    const checkpoint = said.store.get(number);
    const because = faultBetween(number, said, newestOutside) ?? faultOfOne(checkpoint, before, keys);
    if (because || !checkpoint)
      return { sound, firstBad: { seq: (before?.seq ?? 0) + 1, because: `checkpoint ${number} ${because}` } };
    sound.push(checkpoint);
  }
  return { sound };
}

/** Store and second place have to say the same of it; only the newest may still be on their way. */
function faultBetween(number: number, said: Said, newestOutside: number): string | undefined {
  const [here, there] = [said.store.get(number), said.place.get(number)];
  if (said.contradicted.includes(number)) return 'stands twice in the second place, with different words';
  if (!here) return there ? 'is missing in the store' : 'is missing';
  if (!there) return number <= newestOutside ? 'is missing in the second place' : undefined;
  return checkpointHash(here) === checkpointHash(there)
    ? undefined
    : 'is another one in the store than in the second place';
}

/** A checkpoint by itself, after the one before it. */
export function faultOfOne(
  checkpoint: Checkpoint | undefined,
  before: Checkpoint | undefined,
  keys: PublicKeys,
): string | undefined {
  if (!checkpoint) return 'is missing';
  if (checkpoint.chain !== CHAIN) return 'is of another chain';
  const unsigned = signatureFault(checkpoint, keys);
  if (unsigned) return unsigned;
  if (checkpoint.prev !== (before ? checkpointHash(before) : GENESIS)) return 'does not follow from the one before it';
  return checkpoint.seq > (before?.seq ?? 0) ? undefined : 'covers no more than the one before it';
}
