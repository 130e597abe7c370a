import { asOpsError } from '../lib/errors.ts';
import type { Page, Store } from '../store/store.ts';
import {
  type AuditRecord,
  auditKind,
  CHAIN,
  type ChainHead,
  GENESIS,
  headKind,
  recordHash,
  seqKey,
} from './audit-record.ts';

export interface FirstBad {
  seq: number;
  because: string;
}

export interface Walked {
  /** The last good record. */
  end: ChainHead;
  firstBad?: FirstBad;
}

export const START: ChainHead = { seq: 0, hash: GENESIS };

/** Follows records that come in order after `start`, until the first that does not fit or that `more` objects to. */
export async function walk(
  records: AsyncIterable<AuditRecord>,
  start: ChainHead,
  more: (record: AuditRecord) => FirstBad | undefined = () => undefined,
): Promise<Walked> {
  let end = start;
  try {
    for await (const record of records) {
      const because = faultOf(record, end);
      if (because) return { end, firstBad: { seq: Math.min(record.seq, end.seq + 1), because } };
      const firstBad = more(record);
      if (firstBad) return { end, firstBad };
      end = { seq: record.seq, hash: record.hash };
    }
  } catch (error) {
    return { end, firstBad: { seq: end.seq + 1, because: `cannot be read: ${asOpsError(error).message}` } };
  }
  return { end };
}

function faultOf({ hash, ...rest }: AuditRecord, before: ChainHead): string | undefined {
  if (rest.seq !== before.seq + 1) return rest.seq > before.seq ? 'the record is missing' : 'the record stands twice';
  if (rest.prev_hash !== before.hash) return 'it does not follow from the record before it';
  return recordHash(rest) === hash ? undefined : 'its content is not what was written';
}

const PAGE = 200;

/** The chain in order from `from` on. A page that cannot be read is read again record by record, so that the walk ends at the very one. */
export async function* recordsOf(store: Store, from = 1): AsyncGenerator<AuditRecord> {
  let limit = PAGE;
  let after: string | undefined;
  for (;;) {
    const page = await readPage(store, { from: seqKey(from), limit, after });
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
  from: string;
  limit: number;
  after: string | undefined;
}

async function readPage(store: Store, part: Part): Promise<Page<AuditRecord> | undefined> {
  try {
    return await store.query(auditKind, { index: 'by_chain', partition: CHAIN, ...part });
  } catch (error) {
    if (part.limit === 1) throw error;
    return undefined;
  }
}

export async function readHead(store: Store): Promise<ChainHead> {
  return (await store.get(headKind, CHAIN))?.value ?? START;
}
