import type { Store } from '../store/store.ts';
import { CHAIN, GENESIS } from './audit-record.ts';
import { countUpTo, endIn, type FirstBad } from './audit-walk.ts';
import { type Checkpoint, checkpointHash, checkpointsOf, headsOf, readCheckpointLine } from './checkpoint.ts';
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

/** Takes checkpoints of these chains in order until the first that cannot be trusted. */
export function judgeCheckpoints(said: Said, keys: PublicKeys, chains: readonly string[]): Judged {
  const sound: Checkpoint[] = [];
  const newestOutside = Math.max(0, ...said.place.keys(), said.delivered);
  const newest = Math.max(newestOutside, ...said.store.keys());
  for (let number = 1; number <= newest; number += 1) {
    const before = sound.at(-1);
    const checkpoint = said.store.get(number);
    const because = faultBetween(number, said, newestOutside) ?? faultOfOne(checkpoint, before, { keys, chains });
    if (because || !checkpoint) {
      const record = firstCovered(checkpoint, before, chains);
      return { sound, firstBad: { ...record, because: `checkpoint ${number} ${because}` } };
    }
    sound.push(checkpoint);
  }
  return { sound };
}

/** The first record that this checkpoint would vouch for and the one before does not. */
export function firstCovered(
  checkpoint: Checkpoint | undefined,
  before: Checkpoint | undefined,
  chains: readonly string[],
): { chain: string; seq: number } {
  const after = (name: string) => endIn(headsOf(before), name).seq + 1;
  const [first = CHAIN] = chains;
  const chain = chains.find((name) => endIn(headsOf(checkpoint), name).seq >= after(name)) ?? first;
  return { chain, seq: after(chain) };
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
function faultOfOne(
  checkpoint: Checkpoint | undefined,
  before: Checkpoint | undefined,
  { keys, chains }: { keys: PublicKeys; chains: readonly string[] },
): string | undefined {
  if (!checkpoint) return 'is missing';
  const strange = strangeChains(checkpoint, chains);
  if (strange) return strange;
  const unsigned = signatureFault(checkpoint, keys);
  if (unsigned) return unsigned;
  if (checkpoint.prev !== (before ? checkpointHash(before) : GENESIS)) return 'does not follow from the one before it';
  return coversNoMore(checkpoint, before) ? 'covers no more than the one before it' : undefined;
}

/** It speaks of exactly these chains, each once. */
export function strangeChains(checkpoint: Checkpoint, chains: readonly string[]): string | undefined {
  const said = headsOf(checkpoint).map(({ chain }) => chain);
  return said.length === chains.length && said.every((name, place) => name === chains[place])
    ? undefined
    : 'is of another chain';
}

/** Some chain has to go on, and none may go back. */
export function coversNoMore(checkpoint: Checkpoint, before: Checkpoint | undefined): boolean {
  const heads = headsOf(checkpoint);
  const goesBack = heads.some(({ chain, seq }) => seq < endIn(headsOf(before), chain).seq);
  return goesBack || countUpTo(heads) <= countUpTo(headsOf(before));
}
