import type { Store } from '../store/store.ts';
import { type AuditRecord, auditKind, CHAIN, seqKey } from './audit-record.ts';
import type { ChainReport } from './audit-verify.ts';
import { readHead, START, walk } from './audit-walk.ts';

const MOST_RECORDS = 200;

/**
 * Verifies the newest 200 records against each other and against the head of the chain: quick, however long the chain is.
 * What is older is left to `verifyChain`.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`
 */
export async function verifyEnd(store: Store): Promise<ChainReport> {
  const head = await readHead(store);
  const range = { from: seqKey(Math.max(1, head.seq - MOST_RECORDS + 1)), to: seqKey(head.seq + 1) };
  const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, ...range, limit: MOST_RECORDS });
  const records = page.rows.map(({ value }) => value);
  const [first] = records;
  const { end, firstBad } = await walk(
    oneByOne(records),
    first ? { seq: first.seq - 1, hash: first.prev_hash } : START,
  );
  const report = { records: records.length, head: head.hash };
  if (firstBad) return { ok: false, ...report, firstBad };
  if (end.seq === head.seq && end.hash === head.hash) return { ok: true, ...report };
  const because = 'it is not what the head of the chain says';
  return { ok: false, ...report, firstBad: { seq: Math.min(end.seq + 1, head.seq), because } };
}

async function* oneByOne(records: readonly AuditRecord[]): AsyncGenerator<AuditRecord> {
  yield* records;
}
