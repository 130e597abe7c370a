import type { Store } from '../store/store.ts';
import { readChains } from './audit-chains.ts';
import { type AuditRecord, auditKind, seqKey } from './audit-record.ts';
import { type ChainReport, reportOf, uncountedChain } from './audit-verify.ts';
import { type ChainEnd, readHead, startOf, type Walked, walk } from './audit-walk.ts';

const MOST_RECORDS = 200;

/**
 * Verifies the newest 200 records, of several chains as many of each, against each other and against the heads: quick, however
 * long the record is. What is older is left to `verifyChain`.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`
 */
export async function verifyEnd(store: Store): Promise<ChainReport> {
  const { names } = await readChains(store);
  const most = Math.ceil(MOST_RECORDS / names.length);
  const ends = await Promise.all(names.map((chain) => endOf(store, chain, most)));
  const heads = ends.map(({ head }) => head);
  const records = ends.reduce((sum, { read }) => sum + read, 0);
  const firstBad = ends.find((one) => one.firstBad)?.firstBad ?? (await uncountedChain(store, names));
  return { ...reportOf(heads, firstBad), records };
}

interface End extends Pick<Walked, 'firstBad'> {
  head: ChainEnd;
  /** Records that were read. */
  read: number;
}

async function endOf(store: Store, chain: string, most: number): Promise<End> {
  const head = await readHead(store, chain);
  const range = { from: seqKey(Math.max(1, head.seq - most + 1)), to: seqKey(head.seq + 1) };
  const page = await store.query(auditKind, { index: 'by_chain', partition: chain, ...range, limit: most });
  const records = page.rows.map(({ value }) => value);
  const [first] = records;
  const start = first ? { chain, seq: first.seq - 1, hash: first.prev_hash } : startOf(chain);
  const { end, firstBad } = await walk(oneByOne(records), start);
  const found = { head, read: records.length };
  if (firstBad) return { ...found, firstBad };
  if (end.seq === head.seq && end.hash === head.hash) return found;
  const because = 'it is not what the head of the chain says';
  return { ...found, firstBad: { chain, seq: Math.min(end.seq + 1, head.seq), because } };
}

async function* oneByOne(records: readonly AuditRecord[]): AsyncGenerator<AuditRecord> {
  yield* records;
}
