import type { Store } from '../store/store.ts';
import { readAuditCopy } from './audit-copy.ts';
import type { AuditRecord, ChainHead } from './audit-record.ts';
import { type FirstBad, readHead, recordsOf, START, walk } from './audit-walk.ts';
import type { Checkpoint } from './checkpoint.ts';

export interface ChainReport {
  ok: boolean;
  records: number;
  /** Hash of the newest record; zeros while there is none. */
  head: string;
  firstBad?: FirstBad;
}

/** What an outside copy holds, to compare with: without one a rewritten or shortened chain cannot be told. */
export type CopyHashes = ReadonlyMap<number, string>;

/**
 * Walks the chain from its first record and names the first bad one (A2). It may grow meanwhile: it has to reach at least the
 * head it had at the start, and at most the one it has at the end. `checkpoints` are sound ones, in order.
 */
export async function verifyChain(
  store: Store,
  copy: CopyHashes = new Map(),
  checkpoints: readonly Checkpoint[] = [],
): Promise<ChainReport> {
  const atLeast = await readHead(store);
  const against = againstCheckpoints(checkpoints);
  const { end, firstBad } = await walk(recordsOf(store), START, (record) => {
    const because = faultByOthers(record, atLeast, copy);
    return because ? { seq: record.seq, because } : against(record);
  });
  const bad = firstBad ?? faultAtEnd(end, atLeast, await readHead(store)) ?? beyond(end, copy, checkpoints);
  return { ok: bad === undefined, records: end.seq, head: end.hash, ...(bad ? { firstBad: bad } : {}) };
}

/** A record that a checkpoint covers has to be the one it was signed for. */
function againstCheckpoints(checkpoints: readonly Checkpoint[]): (record: AuditRecord) => FirstBad | undefined {
  const places = new Map(checkpoints.map((checkpoint, place) => [checkpoint.seq, place]));
  return ({ seq, hash }) => {
    const place = places.get(seq);
    const checkpoint = place === undefined ? undefined : checkpoints[place];
    if (place === undefined || !checkpoint || checkpoint.hash === hash) return undefined;
    const first = (checkpoints[place - 1]?.seq ?? 0) + 1;
    return { seq: first, because: `records ${first} to ${seq} are not those of checkpoint ${checkpoint.number}` };
  };
}

function faultAtEnd({ seq }: ChainHead, atLeast: ChainHead, atMost: ChainHead): FirstBad | undefined {
  if (seq < atLeast.seq)
    return { seq: seq + 1, because: 'the chain ends before its head: records are missing at the end' };
  return seq > atMost.seq ? { seq: seq + 1, because: 'the chain goes on beyond its head' } : undefined;
}

/** What others have seen beyond the end of the chain. */
function beyond({ seq }: ChainHead, copy: CopyHashes, checkpoints: readonly Checkpoint[]): FirstBad | undefined {
  const copied = [...copy.keys()].filter((one) => one > seq).sort((a, b) => a - b)[0];
  if (copied !== undefined) return { seq: copied, because: 'the copy holds records that the store has lost' };
  const lost = checkpoints.find((checkpoint) => checkpoint.seq > seq);
  return (
    lost && {
      seq: seq + 1,
      because: `the chain ends before record ${lost.seq}, which checkpoint ${lost.number} covers`,
    }
  );
}

function faultByOthers({ seq, hash }: AuditRecord, atLeast: ChainHead, copy: CopyHashes): string | undefined {
  const copied = copy.get(seq);
  if (copied !== undefined && copied !== hash) return 'the copy holds another record';
  return seq === atLeast.seq && hash !== atLeast.hash ? 'it is not what the head of the chain says' : undefined;
}

export interface ReportWithCopy extends ChainReport {
  /** Records that were compared with the copy. */
  copied: number;
  /** Lines of the copy that are no records, or contradict an earlier line. */
  brokenCopyLines: number;
}

/** The chain against its copy beside the store; a damaged copy is a fault too, since then it proves nothing. */
export async function verifyWithCopy(
  store: Store,
  copyPath: string | undefined,
  checkpoints: readonly Checkpoint[] = [],
): Promise<ReportWithCopy> {
  const { hashes, broken } = copyPath
    ? await readAuditCopy(copyPath)
    : { hashes: new Map<number, string>(), broken: 0 };
  const report = await verifyChain(store, hashes, checkpoints);
  const sound = { ...report, copied: hashes.size, brokenCopyLines: broken };
  if (!report.ok || broken === 0) return sound;
  return {
    ...sound,
    ok: false,
    firstBad: { seq: report.records, because: `${broken} lines of its copy are not records` },
  };
}
