import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { type Key, placeKey, rowKey } from './dynamodb-keys.ts';
import type { Entry, Row } from './row.ts';

export type Item = Record<string, AttributeValue>;

/** A row as the table holds it. `listed`: its places and when it may be cleaned up, as one text that a condition can compare. */
export interface HeldRow {
  kind: string;
  id: string;
  version: number;
  listed: string;
  /** Absent where only places were asked for. */
  body?: string;
  /** Of the transaction that wrote it. */
  transaction?: string;
}

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.coerce.number<string>().int() }).transform(({ N }) => N);
const StoredRow = z.object({
  kind: text,
  id: text,
  version: number,
  listed: text,
  body: text.optional(),
  transaction: text.optional(),
});
const Listed = z.object({
  entries: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** Epoch seconds, as DynamoDB's TTL has it. */
  expires_at: z.number().int().optional(),
});
export type Listed = z.output<typeof Listed>;

/** @throws OpsError `store_corrupt` */
export function parseItem(item: unknown): HeldRow {
  const parsed = StoredRow.safeParse(item);
  if (parsed.success) return parsed.data;
  throw corrupt('an item of the table is not a row of OpsAgent', parsed.error);
}

/** @throws OpsError `store_corrupt` */
export function parseListed({ kind, id, listed }: Pick<HeldRow, 'kind' | 'id' | 'listed'>): Listed {
  try {
    return Listed.parse(JSON.parse(listed));
  } catch (cause) {
    throw corrupt(`the lists of ${kind} ${id} in the store cannot be read`, cause);
  }
}

/** TTL is in seconds, and may only ever be late. */
export function listedOf({ entries, expiresAt }: Pick<Row, 'entries' | 'expiresAt'>): string {
  const seconds = expiresAt === undefined ? undefined : Math.ceil(expiresAt / 1000);
  return JSON.stringify({ entries, expires_at: seconds });
}

export function rowItem(row: Required<HeldRow>): Item {
  const { kind, id, version, listed, body, transaction } = row;
  return {
    ...keyItem(rowKey(kind, id)),
    kind: { S: kind },
    id: { S: id },
    version: { N: String(version) },
    listed: { S: listed },
    body: { S: body },
    transaction: { S: transaction },
    ...expiry(parseListed(row)),
  };
}

export function placeItem(kind: string, id: string, entry: Entry, listed: Listed): Item {
  return { ...keyItem(placeKey(kind, entry, id)), id: { S: id }, ...expiry(listed) };
}

export function keyItem({ pk, sk }: Key): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

function expiry({ expires_at: seconds }: Listed): Item {
  return seconds === undefined ? {} : { expires_at: { N: String(seconds) } };
}

function corrupt(message: string, cause: unknown): OpsError {
  const hint = 'Restore the table to a point in time before it was damaged, or repair the item.';
  return new OpsError('store_corrupt', message, { hint, cause });
}
