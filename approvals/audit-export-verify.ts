import { canonicalJson, type Json } from '../lib/json.ts';
import { type ExportHead, ExportLine } from './audit-export.ts';
import { type AuditRecord, CHAIN, type ChainHead, GENESIS } from './audit-record.ts';
import type { ChainReport } from './audit-verify.ts';
import { type FirstBad, walk } from './audit-walk.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkpointHash } from './checkpoint.ts';
import { type PublicKeys, pemOf, publicKeysOf, signatureFault } from './checkpoint-keys.ts';

export interface ExportReport extends ChainReport {
  from: number;
  to: number;
  checkpoints: number;
  /** Newest record that a checkpoint covers. */
  covered?: { seq: number; at: string };
  /** Ids of the keys that signed; `own`: nobody but the export itself says that they are right. */
  keys: string[];
  trust: 'given' | 'own';
}

/**
 * Checks an export by itself: every record follows from the one before, every checkpoint is signed and fits. Each byte counts,
 * since a line has one spelling only. `trusted` are keys from elsewhere; without them the export's own are taken.
 */
export async function verifyExport(lines: AsyncIterable<string>, trusted?: PublicKeys): Promise<ExportReport> {
  const reader = readExport(lines, trusted);
  const report = { from: 1, to: 0, trust: trusted ? ('given' as const) : ('own' as const) };
  const head = await reader.head();
  if ('because' in head)
    return { ...report, ok: false, records: 0, head: GENESIS, checkpoints: 0, keys: [], firstBad: head };
  const first = await reader.first();
  const start: ChainHead = { seq: head.from - 1, hash: first?.prev_hash ?? GENESIS };
  const { end, firstBad } = await walk(reader.records(), start);
  const bad =
    firstBad ??
    reader.bad() ??
    wrongEnd(head, start, end) ??
    unvouchedStart(head, first, reader.checkpoints) ??
    wrongCount(head, reader.checkpoints) ??
    unusedKey(head, reader.checkpoints);
  const newest = reader.checkpoints.at(-1);
  return {
    ...report,
    ...{ from: head.from, to: head.to },
    ok: bad === undefined,
    records: end.seq - start.seq,
    head: end.hash,
    checkpoints: reader.checkpoints.length,
    keys: [...new Set(reader.checkpoints.map(({ key }) => key))],
    ...(newest ? { covered: { seq: newest.seq, at: newest.at } } : {}),
    ...(bad ? { firstBad: bad } : {}),
  };
}

function wrongEnd(head: ExportHead, start: ChainHead, end: ChainHead): FirstBad | undefined {
  if (head.to === end.seq && end.seq > start.seq) return undefined;
  return { seq: end.seq + 1, because: `the export says that it ends with record ${head.to}` };
}

/** It begins with the very first record, or with one that a checkpoint ends with. */
function unvouchedStart(
  head: ExportHead,
  first: AuditRecord | undefined,
  checkpoints: Checkpoint[],
): FirstBad | undefined {
  if (head.from === 1) {
    return first?.prev_hash === GENESIS ? undefined : { seq: 1, because: 'it does not follow from nothing' };
  }
  if (checkpoints[0]?.seq === head.from) return undefined;
  return { seq: head.from, because: 'the export begins where no checkpoint vouches for it' };
}

function wrongCount(head: ExportHead, { length }: Checkpoint[]): FirstBad | undefined {
  if (head.checkpoints === length) return undefined;
  return { seq: head.to, because: `the export says that it has ${head.checkpoints} checkpoints, and has ${length}` };
}

function unusedKey({ from, keys }: ExportHead, checkpoints: Checkpoint[]): FirstBad | undefined {
  const used = new Set(checkpoints.map(({ key }) => key));
  if ([...publicKeysOf(keys).keys()].every((id) => used.has(id))) return undefined;
  return { seq: from, because: 'the export names a key with which nothing in it is signed' };
}

/** Goes through the lines once: hands records on, checks checkpoints as they come, and keeps the first fault. */
function readExport(lines: AsyncIterable<string>, trusted: PublicKeys | undefined) {
  const source = parsed(lines);
  const checkpoints: Checkpoint[] = [];
  let keys: PublicKeys = new Map();
  let kept: AuditRecord | undefined;
  let before: AuditRecord | undefined;
  let bad: FirstBad | undefined;

  function take(checkpoint: Checkpoint): void {
    const newest = checkpoints.at(-1);
    const because = faultOf(checkpoint, before, newest, keys);
    if (because) bad = { seq: (newest?.seq ?? 0) + 1, because: `checkpoint ${checkpoint.number} ${because}` };
    else checkpoints.push(checkpoint);
  }

  /** The next record, with the checkpoints before it checked; nothing at the end or after the first fault. */
  async function next(): Promise<AuditRecord | undefined> {
    while (!bad) {
      const { value: line, done } = await source.next();
      if (done) return undefined;
      if (line === 'broken' || 'head' in line) bad = { seq: (before?.seq ?? 0) + 1, because: GARBLED };
      else if ('record' in line) return line.record;
      else take(line.checkpoint);
    }
    return undefined;
  }

  return {
    checkpoints,
    bad: () => bad,
    async head(): Promise<ExportHead | FirstBad> {
      const { value: line, done } = await source.next();
      if (done || line === 'broken' || !('head' in line))
        return { seq: 1, because: 'this is no export of audit records' };
      const because = faultOfHead(line.head, trusted);
      if (because) return { seq: line.head.from, because };
      keys = trusted ?? publicKeysOf(line.head.keys);
      return line.head;
    },
    async first(): Promise<AuditRecord | undefined> {
      kept = await next();
      return kept;
    },
    async *records(): AsyncGenerator<AuditRecord> {
      for (let record = kept; record; record = await next()) {
        before = record;
        yield record;
      }
    },
  };
}

const GARBLED = 'a line of the export is not as it was written';

function faultOfHead({ chain, keys }: ExportHead, trusted: PublicKeys | undefined): string | undefined {
  if (chain !== CHAIN) return 'the export is of another chain';
  try {
    const own = publicKeysOf(keys);
    const spelled = [...own.values()].map(pemOf);
    if (spelled.length !== keys.length || !spelled.every((pem, place) => pem === keys[place]))
      return 'a key of the export is not as it was written';
    const foreign = trusted && [...own.keys()].find((id) => !trusted.has(id));
    return foreign && `the export names a key that is not trusted (${foreign.slice(0, 16)})`;
  } catch {
    return 'a key of the export cannot be read';
  }
}

function faultOf(
  checkpoint: Checkpoint,
  record: AuditRecord | undefined,
  before: Checkpoint | undefined,
  keys: PublicKeys,
): string | undefined {
  if (checkpoint.seq !== record?.seq || checkpoint.hash !== record.hash) return 'is not about the record before it';
  if (checkpoint.chain !== CHAIN) return 'is of another chain';
  const unsigned = signatureFault(checkpoint, keys);
  if (unsigned || !before) return unsigned;
  const follows = checkpoint.number === before.number + 1 && checkpoint.prev === checkpointHash(before);
  return follows ? undefined : 'does not follow from the one before it';
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<ReturnType<typeof parse>, undefined> {
  for await (const line of lines) yield parse(line);
  return undefined;
}

/** A line has one spelling: what reads the same and is written otherwise was changed. */
function parse(text: string) {
  try {
    const value = JSON.parse(text) as Json;
    const line = ExportLine.safeParse(value).data;
    return line && canonicalJson(value) === text ? line : ('broken' as const);
  } catch {
    return 'broken' as const;
  }
}
