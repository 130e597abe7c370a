import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import type { AnyKind, Kind, Stored, Write } from './store.ts';

/** What an engine writes for a value: its JSON text, every list it stands in, and when it may be cleaned up (epoch ms). */
export interface Row {
  body: string;
  entries: readonly Entry[];
  expiresAt?: number;
}

/** index, partition, sort. */
export type Entry = readonly [index: string, partition: string, sort: string];

/** A write an engine can apply without knowing its kind: what the row must hold now, and what becomes of it. */
export interface ReadyWrite {
  kind: string;
  id: string;
  expects: number | 'absent';
  effect: { type: 'keep' } | { type: 'remove' } | { type: 'write'; row: Row };
}

const mostWrites = 100;

/**
 * Checks a transaction before any engine sees it: sizes, ids, schemas. A row may be named once only, as DynamoDB demands it.
 *
 * @throws OpsError `internal`: whatever is wrong here is a fault of the caller
 */
export function readyWrites(writes: readonly Write[]): ReadyWrite[] {
  if (writes.length > mostWrites) throw fault(`a transaction holds ${writes.length} writes, the most is ${mostWrites}`);
  const seen = new Set<string>();
  return writes.map((write) => {
    const { name: kind } = write.kind;
    if (!isId(write.id)) throw fault(`"${write.id}" cannot be the id of a ${kind}`);
    const key = JSON.stringify([kind, write.id]);
    if (seen.has(key)) throw fault(`a transaction names ${kind} ${write.id} twice`);
    seen.add(key);
    return { kind, id: write.id, ...ready(write) };
  });
}

/** Engines compare UTF-8 bytes; half a surrogate pair has none, and would be stored as another id. */
export function isId(id: string): boolean {
  return id !== '' && id.isWellFormed();
}

/** @throws OpsError `store_corrupt` when the stored text is not a value of this kind */
export function parseRow<T>(kind: Kind<T>, id: string, version: number, body: string): Stored<T> {
  const parsed = kind.schema.safeParse(fromJson(body));
  if (parsed.success) return { id, version, value: parsed.data };
  throw new OpsError('store_corrupt', `${kind.name} ${id} in the store is not what its schema allows`, {
    hint: `Restore a backup, or repair the row. The schema says: ${z.prettifyError(parsed.error)}`,
    facts: { kind: kind.name, id },
  });
}

function ready(write: Write): Pick<ReadyWrite, 'expects' | 'effect'> {
  switch (write.op) {
    case 'put':
      return { expects: 'absent', effect: { type: 'write', row: toRow(write.kind, write.id, write.value) } };
    case 'update':
      return { expects: write.version, effect: { type: 'write', row: toRow(write.kind, write.id, write.value) } };
    case 'check':
      return { expects: write.version, effect: { type: 'keep' } };
    case 'delete':
      return { expects: write.version, effect: { type: 'remove' } };
  }
}

function toRow(kind: AnyKind, id: string, value: unknown): Row {
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) throw fault(`${kind.name} ${id} breaks its schema: ${z.prettifyError(parsed.error)}`);
  // The schema has just said that this is the kind's own value; the type of an AnyKind cannot.
  const known = parsed.data as never;
  const entries = Object.entries(kind.indexes).flatMap(([index, keyOf]): Entry[] => {
    const key = keyOf(known);
    return key === undefined ? [] : [[index, key.partition, key.sort]];
  });
  return { body: JSON.stringify(known), entries, expiresAt: kind.expiresAt?.(known) };
}

function fromJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A call the store cannot serve because the code that made it is wrong. */
export function fault(message: string): OpsError {
  return new OpsError('internal', message, {
    hint: 'This is a fault in OpsAgent: the caller broke the contract of the store.',
  });
}
