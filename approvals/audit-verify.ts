import { digest, type Json } from '../lib/json.ts';
import type { Store } from '../store/store.ts';
import { chainFor, MOST_CHAINS, namesOf, readChains } from './audit-chains.ts';
import { type CopyHashes, readAuditCopy } from './audit-copy.ts';
import { type AuditRecord, GENESIS, headKind } from './audit-record.ts';
import {
  type ChainEnd,
  countUpTo,
  type FirstBad,
  readHead,
  readHeads,
  recordsOf,
  startOf,
  type Walked,
  walk,
} from './audit-walk.ts';
import { type Checkpoint, type Mark, marksOf } from './checkpoint.ts';

export interface ChainReport {
  ok: boolean;
  records: number;
  chains: number;
  /** Hash of the newest record, zeros while there is none; of several chains one hash over all their heads. */
  head: string;
  /** Of several chains that are bad, in the first of them. */
  firstBad?: FirstBad;
}

export function reportOf(ends: readonly ChainEnd[], firstBad: FirstBad | undefined): ChainReport {
  const report = { ok: firstBad === undefined, records: countUpTo(ends), chains: ends.length, head: oneHash(ends) };
  return firstBad ? { ...report, firstBad } : report;
}

function oneHash([end, ...others]: readonly ChainEnd[]): string {
  if (!end) return GENESIS;
  if (others.length === 0) return end.hash;
  return digest(
    'audit.heads.v1',
    [end, ...others].map(({ chain, seq, hash }): Json => ({ chain, seq, hash })),
  );
}

/**
 * Walks each chain from its first record and names the first bad one (A2). It may grow meanwhile: it has to reach at least the
 * head it had at the start, and at most the one it has at the end. `copy` and `checkpoints` (sound ones, in order) hold what was
 * said outside: without them a rewritten or shortened chain cannot be told.
 */
export async function verifyChain(
  store: Store,
  copy: CopyHashes = new Map(),
  checkpoints: readonly Checkpoint[] = [],
): Promise<ChainReport> {
  const { ends, firstBad } = await walkAll(store, copy, checkpoints);
  return reportOf(ends, firstBad);
}

async function walkAll(
  store: Store,
  copy: CopyHashes,
  checkpoints: readonly Checkpoint[],
): Promise<{ ends: ChainEnd[]; firstBad: FirstBad | undefined }> {
  const { names } = await readChains(store);
  const walked: Walked[] = [];
  for (const atLeast of await readHeads(store, names)) {
    const outside = { copied: copy.get(atLeast.chain) ?? new Map(), marks: marksOf(checkpoints, atLeast.chain) };
    walked.push(await verifyOne(store, names, atLeast, outside));
  }
  const firstBad =
    walked.find((one) => one.firstBad)?.firstBad ?? strangeChain(copy, names) ?? (await uncountedChain(store, names));
  return { ends: walked.map(({ end }) => end), firstBad };
}

/** A chain that begins in the store and that the number of chains leaves out: somebody took that number away. */
export async function uncountedChain(store: Store, names: readonly string[]): Promise<FirstBad | undefined> {
  const uncounted = [...namesOf(1), ...namesOf(MOST_CHAINS)].filter((name) => !names.includes(name));
  const heads = await Promise.all(uncounted.map((name) => store.get(headKind, name)));
  const hidden = uncounted.find((_, place) => heads[place] !== undefined);
  if (hidden === undefined) return undefined;
  const because = `the store has a chain ${hidden} too, which it does not count: its number of chains was changed`;
  return { chain: names[0] ?? hidden, seq: 1, because };
}

/** What others have seen of one chain. */
interface Outside {
  copied: ReadonlyMap<number, string>;
  marks: readonly Mark[];
}

async function verifyOne(store: Store, names: readonly string[], atLeast: ChainEnd, outside: Outside): Promise<Walked> {
  const { chain } = atLeast;
  const against = againstMarks(outside.marks);
  const { end, firstBad } = await walk(recordsOf(store, chain), startOf(chain), (record) => {
    const because = misplaced(record, names) ?? faultByOthers(record, atLeast, outside);
    return because ? { chain, seq: record.seq, because } : against(record);
  });
  const bad = firstBad ?? faultAtEnd(end, atLeast, await readHead(store, chain)) ?? beyond(end, outside);
  return { end, ...(bad ? { firstBad: bad } : {}) };
}

/** A request chooses the chain of its records, nobody else does. */
export function misplaced(
  { chain, correlation_id: request }: AuditRecord,
  names: readonly string[],
): string | undefined {
  return chainFor(request, names) === chain ? undefined : 'it stands in another chain than the records of its request';
}

/** A record that a checkpoint covers has to be the one it was signed for. */
function againstMarks(marks: readonly Mark[]): (record: AuditRecord) => FirstBad | undefined {
  const places = new Map(marks.map((mark) => [mark.seq, mark]));
  return ({ chain, seq, hash }) => {
    const mark = places.get(seq);
    if (!mark || mark.hash === hash) return undefined;
    const { first, number } = mark;
    return { chain, seq: first, because: `records ${first} to ${seq} are not those of checkpoint ${number}` };
  };
}

function faultAtEnd({ chain, seq }: ChainEnd, atLeast: ChainEnd, atMost: ChainEnd): FirstBad | undefined {
  if (seq < atLeast.seq)
    return { chain, seq: seq + 1, because: 'the chain ends before its head: records are missing at the end' };
  return seq > atMost.seq ? { chain, seq: seq + 1, because: 'the chain goes on beyond its head' } : undefined;
}

/** What others have seen beyond the end of the chain. */
function beyond({ chain, seq }: ChainEnd, { copied, marks }: Outside): FirstBad | undefined {
  const later = [...copied.keys()].filter((one) => one > seq).sort((a, b) => a - b)[0];
  if (later !== undefined) return { chain, seq: later, because: 'the copy holds records that the store has lost' };
  const lost = marks.find((mark) => mark.seq > seq);
  return (
    lost && {
      chain,
      seq: seq + 1,
      because: `the chain ends before record ${lost.seq}, which checkpoint ${lost.number} covers`,
    }
  );
}

function faultByOthers({ seq, hash }: AuditRecord, atLeast: ChainEnd, { copied }: Outside): string | undefined {
  const said = copied.get(seq);
  if (said !== undefined && said !== hash) return 'the copy holds another record';
  return seq === atLeast.seq && hash !== atLeast.hash ? 'it is not what the head of the chain says' : undefined;
}

function strangeChain(copy: CopyHashes, names: readonly string[]): FirstBad | undefined {
  const chain = [...copy.keys()].find((one) => !names.includes(one));
  return chain === undefined
    ? undefined
    : { chain, seq: 1, because: 'the copy holds a chain that the store does not have' };
}

export interface ReportWithCopy extends ChainReport {
  /** Records that were compared with the copy. */
  copied: number;
  /** Lines of the copy that are no records, or contradict an earlier line. */
  brokenCopyLines: number;
}

/** The chains against their copy beside the store; a damaged copy is a fault too, since then it proves nothing. */
export async function verifyWithCopy(
  store: Store,
  copyPath: string | undefined,
  checkpoints: readonly Checkpoint[] = [],
): Promise<ReportWithCopy> {
  const { hashes, broken } = copyPath ? await readAuditCopy(copyPath) : { hashes: new Map(), broken: 0 };
  const { ends, firstBad } = await walkAll(store, hashes, checkpoints);
  const copied = [...hashes.values()].reduce((sum, { size }) => sum + size, 0);
  const bad = firstBad ?? brokenCopy(ends, broken);
  return { ...reportOf(ends, bad), copied, brokenCopyLines: broken };
}

/** It says nothing of one record; the end of the first chain stands for all. */
function brokenCopy([end]: readonly ChainEnd[], lines: number): FirstBad | undefined {
  if (!end || lines === 0) return undefined;
  return { chain: end.chain, seq: end.seq, because: `${lines} lines of its copy are not records` };
}
