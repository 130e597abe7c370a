import { asOpsError } from '../lib/errors.ts';
import type { Page, Store } from '../store/store.ts';
import { type AuditRecord, auditKind, CHAIN, GENESIS, headKind, recordHash } from './audit-record.ts';

export interface ChainReport {
  ok: boolean;
  records: number;
  /** Hash of the newest record; zeros while there is none. */
  head: string;
  firstBad?: { seq: number; because: string };
}

/** What an outside copy holds, to compare with: without one a rewritten or shortened chain cannot be told. */
export type CopyHashes = ReadonlyMap<number, string>;

/** Walks the chain from its first record and names the first bad one (A2). */
export async function verifyChain(store: Store, copy: CopyHashes = new Map()): Promise<ChainReport> {
  let expected = { seq: 1, prev: GENESIS };
  let after: string | undefined;
  const bad = (seq: number, because: string): ChainReport => ({
    ok: false,
    records: expected.seq - 1,
    head: expected.prev,
    firstBad: { seq, because },
  });
  do {
    let page: Page<AuditRecord>;
    try {
      page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200, after });
    } catch (error) {
      return bad(expected.seq, `cannot be read: ${asOpsError(error).message}`);
    }
    for (const { value } of page.rows) {
      const because = faultOf(value, expected, copy);
      if (because) return bad(Math.min(value.seq, expected.seq), because);
      expected = { seq: value.seq + 1, prev: value.hash };
    }
    after = page.next;
  } while (after);
  return endOf(store, copy, expected, bad);
}

function faultOf(record: AuditRecord, expected: { seq: number; prev: string }, copy: CopyHashes): string | undefined {
  const { hash, ...rest } = record;
  if (record.seq !== expected.seq)
    return record.seq > expected.seq ? 'the record is missing' : 'the record stands twice';
  if (record.prev_hash !== expected.prev) return 'it does not follow from the record before it';
  if (recordHash(rest) !== hash) return 'its content is not what was written';
  const copied = copy.get(record.seq);
  return copied !== undefined && copied !== hash ? 'the copy holds another record' : undefined;
}

async function endOf(
  store: Store,
  copy: CopyHashes,
  { seq, prev }: { seq: number; prev: string },
  bad: (seq: number, because: string) => ChainReport,
): Promise<ChainReport> {
  const head = await store.get(headKind, CHAIN);
  if ((head?.value.seq ?? 0) !== seq - 1 || (head?.value.hash ?? GENESIS) !== prev)
    return bad(seq, 'the chain ends before its head: records are missing at the end');
  const beyond = [...copy.keys()].filter((copied) => copied >= seq).sort((a, b) => a - b)[0];
  if (beyond !== undefined) return bad(beyond, 'the copy holds records that the store has lost');
  return { ok: true, records: seq - 1, head: prev };
}
