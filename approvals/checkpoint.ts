import { z } from 'zod';
import { canonicalJson, digest, type JsonObject } from '../lib/json.ts';
import type { Kind, Store } from '../store/store.ts';
import { CHAIN } from './audit-record.ts';
import { type ChainEnd, endIn } from './audit-walk.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Base64 in its one canonical spelling: otherwise a byte could be changed without changing what it says. */
const Base64 = z.base64().refine((text) => Buffer.from(text, 'base64').toString('base64') === text);

const common = {
  /** 1, 2, 3 …: one that is missing leaves a hole. */
  number: z.number().int().min(1),
  /** Hash of the checkpoint before it; zeros before the first. */
  prev: Sha256,
  at: z.iso.datetime(),
  node: z.string(),
  /** Id of the key that signed: SHA-256 over its public half. */
  key: Sha256,
  signature: Base64,
};

/** Of a record with one chain: the newest record it covers, and that record's hash, which stands for all before it. */
const OfOne = z.strictObject({
  v: z.literal(1),
  chain: z.string(),
  seq: z.number().int().min(1),
  hash: Sha256,
  ...common,
});
export type CheckpointOfOne = z.output<typeof OfOne>;

/** Of a record with several: the same of each chain, also of those that have no record yet. They were read one after the other. */
const OfMany = z.strictObject({
  v: z.literal(2),
  heads: z.array(z.strictObject({ chain: z.string(), seq: z.number().int().min(0), hash: Sha256 })).min(2),
  ...common,
});

/** A signed word on how far the record had come: whoever holds the store alone cannot make one that fits another history. */
export const Checkpoint = z.discriminatedUnion('v', [OfOne, OfMany]);
export type Checkpoint = z.output<typeof Checkpoint>;

/** A checkpoint before it is signed. */
export type Unsigned = Omit<CheckpointOfOne, 'signature'> | Omit<z.output<typeof OfMany>, 'signature'>;

/** Up to where it covers each chain; nothing before the first one. */
export function headsOf(checkpoint: Checkpoint | undefined): readonly ChainEnd[] {
  if (!checkpoint) return [];
  if (checkpoint.v === 2) return checkpoint.heads;
  const { chain, seq, hash } = checkpoint;
  return [{ chain, seq, hash }];
}

/** What is signed: the canonical text, under a name of its own so that no other signature of the key fits. */
export function signedBytes({ signature: _, ...bare }: Unsigned & { signature?: string }): Buffer {
  return Buffer.from(`audit.checkpoint.v1\u0000${canonicalJson(bare)}`);
}

export const checkpointHash = (checkpoint: Checkpoint): string =>
  digest('audit.checkpoint.hash.v1', checkpoint as JsonObject);

/** One line, always the same for the same checkpoint. */
export const checkpointLine = (checkpoint: Checkpoint): string => canonicalJson(checkpoint as JsonObject);

const numberKey = (number: number): string => String(number).padStart(12, '0');

export const checkpointId = (number: number): string => `${CHAIN}-${numberKey(number)}`;

/** By number: of two processes that make the same one at once, one finds the row there and leaves it. */
export const checkpointKind: Kind<Checkpoint> = {
  name: 'audit_checkpoint',
  schema: Checkpoint,
  indexes: {
    by_chain: (checkpoint) => ({
      partition: checkpoint.v === 1 ? checkpoint.chain : CHAIN,
      sort: numberKey(checkpoint.number),
    }),
  },
};

export async function lastCheckpoint(store: Store): Promise<Checkpoint | undefined> {
  const newest = { index: 'by_chain', partition: CHAIN, newestFirst: true, limit: 1 };
  return (await store.query(checkpointKind, newest)).rows[0]?.value;
}

/** In order, those after `after`. */
export async function* checkpointsOf(store: Store, after = 0): AsyncGenerator<Checkpoint> {
  const query = { index: 'by_chain', partition: CHAIN, from: numberKey(after + 1), limit: 200 };
  let next: string | undefined;
  do {
    const page = await store.query(checkpointKind, { ...query, after: next });
    for (const { value } of page.rows) yield value;
    next = page.next;
  } while (next);
}

/** What a line of a second place says; nothing when it is no checkpoint. */
export function readCheckpointLine(line: string): Checkpoint | undefined {
  try {
    return Checkpoint.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What checkpoints say of one chain: records `first` to `seq` are new in checkpoint `number`, and the last of them has `hash`. */
export interface Mark extends Pick<ChainEnd, 'seq' | 'hash'> {
  number: number;
  first: number;
}

/** In order; a checkpoint that found nothing new in this chain leaves no mark. */
export function marksOf(checkpoints: readonly Checkpoint[], chain: string): Mark[] {
  const marks: Mark[] = [];
  for (const checkpoint of checkpoints) {
    const { seq, hash } = endIn(headsOf(checkpoint), chain);
    const first = (marks.at(-1)?.seq ?? 0) + 1;
    if (seq >= first) marks.push({ number: checkpoint.number, first, seq, hash });
  }
  return marks;
}
