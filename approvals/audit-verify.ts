import { asOpsError } from '../lib/errors.ts';
import type { Page, Store } from '../store/store.ts';
import { readAuditCopy } from './audit-copy.ts';
import { type AuditRecord, auditKind, CHAIN, type ChainHead, GENESIS, headKind, recordHash } from './audit-record.ts';

export interface ChainReport {
  ok: boolean;
  records: number;
  /** Hash of the newest record; zeros while there is none. */
  head: string;
  firstBad?: { seq: number; because: string };
}

/** What an outside copy holds, to compare with: without one a rewritten or shortened chain cannot be told. */
export type CopyHashes = ReadonlyMap<number, string>;

/**
 * Walks the chain from its first record and names the first bad one (A2). It may grow meanwhile: it has to reach at least the
 * head it had at the start, and at most the one it has at the end.
 */
export async function verifyChain(store: Store, copy: CopyHashes = new Map()): Promise<ChainReport> {
  let walked: ChainHead = { seq: 0, hash: GENESIS };
  const bad = (seq: number, because: string): ChainReport => ({
    ok: false,
    records: walked.seq,
    head: walked.hash,
    firstBad: { seq, because },
  });
  const atLeast = await readHead(store);
  try {
    for await (const record of recordsOf(store)) {
      const because = faultOf(record, walked, copy);
      if (because) return bad(Math.min(record.seq, walked.seq + 1), because);
      walked = { seq: record.seq, hash: record.hash };
      if (walked.seq === atLeast.seq && walked.hash !== atLeast.hash)
        return bad(walked.seq, 'it is not what the head of the chain says');
    }
  } catch (error) {
    return bad(walked.seq + 1, `cannot be read: ${asOpsError(error).message}`);
  }
  const because = faultAtEnd(walked, atLeast, await readHead(store));
  if (because) return bad(walked.seq + 1, because);
  const beyond = [...copy.keys()].filter((copied) => copied > walked.seq).sort((a, b) => a - b)[0];
  if (beyond !== undefined) return bad(beyond, 'the copy holds records that the store has lost');
  return { ok: true, records: walked.seq, head: walked.hash };
}

const PAGE = 200;

/** The chain in order. A page that cannot be read is read again record by record, so that the walk ends at the very one. */
async function* recordsOf(store: Store): AsyncGenerator<AuditRecord> {
  let limit = PAGE;
  let after: string | undefined;
  for (;;) {
    const page = await readPage(store, limit, after);
    if (!page) {
      limit = 1;
      continue;
    }
    for (const { value } of page.rows) yield value;
    if (!page.next) return;
    after = page.next;
  }
}

async function readPage(store: Store, limit: number, after?: string): Promise<Page<AuditRecord> | undefined> {
  try {
    return await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit, after });
  } catch (error) {
    if (limit === 1) throw error;
    return undefined;
  }
}

async function readHead(store: Store): Promise<ChainHead> {
  return (await store.get(headKind, CHAIN))?.value ?? { seq: 0, hash: GENESIS };
}

function faultAtEnd({ seq }: ChainHead, atLeast: ChainHead, atMost: ChainHead): string | undefined {
  if (seq < atLeast.seq) return 'the chain ends before its head: records are missing at the end';
  return seq > atMost.seq ? 'the chain goes on beyond its head' : undefined;
}

function faultOf(record: AuditRecord, before: ChainHead, copy: CopyHashes): string | undefined {
  const { hash, ...rest } = record;
  if (record.seq !== before.seq + 1)
    return record.seq > before.seq ? 'the record is missing' : 'the record stands twice';
  if (record.prev_hash !== before.hash) return 'it does not follow from the record before it';
  if (recordHash(rest) !== hash) return 'its content is not what was written';
  const copied = copy.get(record.seq);
  return copied !== undefined && copied !== hash ? 'the copy holds another record' : undefined;
}

export interface ReportWithCopy extends ChainReport {
  /** Records that were compared with the copy. */
  copied: number;
  /** Lines of the copy that are no records, or contradict an earlier line. */
  brokenCopyLines: number;
}

/** The chain against its copy beside the store; a damaged copy is a fault too, since then it proves nothing. */
export async function verifyWithCopy(store: Store, copyPath: string | undefined): Promise<ReportWithCopy> {
  const { hashes, broken } = copyPath
    ? await readAuditCopy(copyPath)
    : { hashes: new Map<number, string>(), broken: 0 };
  const report = await verifyChain(store, hashes);
  const sound = { ...report, copied: hashes.size, brokenCopyLines: broken };
  if (!report.ok || broken === 0) return sound;
  return {
    ...sound,
    ok: false,
    firstBad: { seq: report.records, because: `${broken} lines of its copy are not records` },
  };
}
