import { systemClock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Page, Store } from '../store/store.ts';
import {
  type AuditRecord,
  auditKind,
  type ChainHead,
  GENESIS,
  headKind,
  keptUntil,
  recordHash,
  seqKey,
} from './audit-record.ts';

/** How far a chain goes. */
export interface ChainEnd extends ChainHead {
  chain: string;
}

export interface FirstBad {
  chain: string;
  seq: number;
  because: string;
}

export interface Walked {
  /** The last good record. */
  end: ChainEnd;
  firstBad?: FirstBad;
}

export const startOf = (chain: string): ChainEnd => ({ chain, seq: 0, hash: GENESIS });

/** Where `chain` ends among `ends`; at its start when it is not there. */
export const endIn = (ends: readonly ChainEnd[], chain: string): ChainEnd =>
  ends.find((end) => end.chain === chain) ?? startOf(chain);

/**
 * Follows records that come in order after `start`, until the first that does not fit or that `more` objects to. Those that are gone
 * before one that is itself past its retention were cleaned up, or could have been: nobody is told of them.
 */
export async function walk(
  records: AsyncIterable<AuditRecord>,
  start: ChainEnd,
  more: (record: AuditRecord) => FirstBad | undefined = () => undefined,
  now = systemClock.now(),
): Promise<Walked> {
  const { chain } = start;
  let end = start;
  try {
    for await (const record of records) {
      const before = isAfterCleanUp(end, record, now) ? { chain, seq: record.seq - 1, hash: record.prev_hash } : end;
      const firstBad = faultAfter(before, record) ?? more(record);
      if (firstBad) return { end, firstBad };
      end = { chain, seq: record.seq, hash: record.hash };
    }
  } catch (error) {
    return { end, firstBad: { chain, seq: end.seq + 1, because: `cannot be read: ${asOpsError(error).message}` } };
  }
  return { end };
}

/** Whether what stood between `end` and `record` is past its retention, as `record` is. */
export const isAfterCleanUp = (end: Pick<ChainEnd, 'seq'>, record: AuditRecord, now: number): boolean =>
  record.seq > end.seq + 1 && keptUntil(record) <= now;

/** Why `record` is not the one that comes after `end`. */
export function faultAfter(end: ChainEnd, record: AuditRecord): FirstBad | undefined {
  const because = faultOf(record, end);
  return because === undefined ? undefined : { chain: end.chain, seq: Math.min(record.seq, end.seq + 1), because };
}

function faultOf({ hash, ...rest }: AuditRecord, before: ChainEnd): string | undefined {
  if (rest.seq !== before.seq + 1) return rest.seq > before.seq ? 'the record is missing' : 'the record stands twice';
  if (rest.chain !== before.chain) return 'it is a record of another chain';
  if (rest.prev_hash !== before.hash) return 'it does not follow from the record before it';
  return recordHash(rest) === hash ? undefined : 'its content is not what was written';
}

const PAGE = 200;

/** A chain in order from `from` on. A page that cannot be read is read again record by record, so that the walk ends at the very one. */
export async function* recordsOf(store: Store, chain: string, from = 1): AsyncGenerator<AuditRecord> {
  let limit = PAGE;
  let after: string | undefined;
  for (;;) {
    const page = await readPage(store, { partition: chain, from: seqKey(from), limit, after });
    if (!page) {
      limit = 1;
      continue;
    }
    for (const { value } of page.rows) yield value;
    if (!page.next) return;
    after = page.next;
  }
}

interface Part {
  partition: string;
  from: string;
  limit: number;
  after: string | undefined;
}

async function readPage(store: Store, part: Part): Promise<Page<AuditRecord> | undefined> {
  try {
    return await store.query(auditKind, { index: 'by_chain', ...part });
  } catch (error) {
    if (part.limit === 1) throw error;
    return undefined;
  }
}

export async function readHead(store: Store, chain: string): Promise<ChainEnd> {
  const row = await store.get(headKind, chain);
  return row ? { chain, ...row.value } : startOf(chain);
}

/** The heads of all of them, read side by side: each is true for itself, and together they are no one moment. */
export function readHeads(store: Store, chains: readonly string[]): Promise<ChainEnd[]> {
  return Promise.all(chains.map((chain) => readHead(store, chain)));
}

/** How many records there are up to these ends. */
export const countUpTo = (ends: readonly ChainEnd[]): number => ends.reduce((sum, { seq }) => sum + seq, 0);
