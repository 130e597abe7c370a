import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import type { Store } from '../store/store.ts';
import { readChains } from './audit-chains.ts';
import { type AuditRecord, auditKind, seqKey } from './audit-record.ts';

export interface AuditPage {
  records: AuditRecord[];
  next?: string;
}

interface Asked {
  limit: number;
  after?: string;
}

/**
 * A page of all records, newest first: of several chains merged by time, each in its own order.
 *
 * @throws OpsError `input_invalid` for an `after` that no page gave
 */
export async function newestRecords(store: Store, { limit, after }: Asked): Promise<AuditPage> {
  const { names } = await readChains(store);
  const [only = ''] = names;
  if (names.length > 1) return mergedPage(store, names, { limit, after });
  const { rows, next } = await store.query(auditKind, {
    ...{ index: 'by_chain', partition: only, newestFirst: true, limit, after },
  });
  return { records: rows.map(({ value }) => value), next };
}

/** One chain on its way to older records. */
interface Lane {
  chain: string;
  /** The next record has a lower number; nothing is known yet before the first look. */
  below: number | undefined;
  /** Read and not yet taken. */
  records: AuditRecord[];
  isOver: boolean;
}

async function mergedPage(store: Store, names: readonly string[], { limit, after }: Asked): Promise<AuditPage> {
  const marks = after === undefined ? [] : fromMark(after, names.length);
  const lanes = names.map((chain, place): Lane => ({ chain, below: marks[place], records: [], isOver: false }));
  const share = Math.ceil(limit / names.length) + 1;
  const records: AuditRecord[] = [];
  for (;;) {
    await Promise.all(lanes.map((lane) => refill(store, lane, share)));
    const newest = lanes.reduce((one, other) => (timeOf(other) > timeOf(one) ? other : one));
    const record = newest.records.shift();
    if (!record) return { records };
    records.push(record);
    newest.below = record.seq;
    if (records.length === limit) break;
  }
  await Promise.all(lanes.map((lane) => refill(store, lane, share)));
  const isMore = lanes.some((lane) => lane.records.length > 0);
  return { records, next: isMore ? toMark(lanes) : undefined };
}

/** Sorts behind every time when nothing is left. */
const timeOf = ({ records: [record] }: Lane): string => record?.ts ?? '';

async function refill(store: Store, lane: Lane, share: number): Promise<void> {
  if (lane.records.length > 0 || lane.isOver) return;
  const { chain, below } = lane;
  const list = { index: 'by_chain', partition: chain, newestFirst: true, limit: share };
  const page = await store.query(auditKind, { ...list, to: below === undefined ? undefined : seqKey(below) });
  lane.records = page.rows.map(({ value }) => value);
  lane.isOver = page.next === undefined;
  // What is recorded from now on belongs to no older page.
  lane.below ??= (lane.records[0]?.seq ?? 0) + 1;
}

const Mark = z.array(z.number().int().min(1));

const toMark = (lanes: readonly Lane[]): string =>
  Buffer.from(JSON.stringify(lanes.map(({ below }) => below))).toString('base64url');

function fromMark(mark: string, chains: number): number[] {
  const parsed = Mark.length(chains).safeParse(json(Buffer.from(mark, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new OpsError('input_invalid', 'the mark of the next page cannot be read', {
    hint: 'Open the list again from its first page.',
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
