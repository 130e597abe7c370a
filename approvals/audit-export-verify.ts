import { canonicalJson, type Json } from '../lib/json.ts';
import { namesOf } from './audit-chains.ts';
import { type ExportHead, ExportLine, type Range, rangesOf } from './audit-export.ts';
import { type AuditRecord, CHAIN, GENESIS } from './audit-record.ts';
import { type ChainReport, misplaced, reportOf } from './audit-verify.ts';
import { type ChainEnd, endIn, type FirstBad, faultAfter, startOf } from './audit-walk.ts';
import { type Checkpoint, checkpointHash, headsOf } from './checkpoint.ts';
import { type PublicKeys, pemOf, publicKeysOf, signatureFault } from './checkpoint-keys.ts';
import { coversNoMore, firstCovered, strangeChains } from './checkpoint-verify.ts';

export interface ExportReport extends ChainReport {
  ranges: readonly Range[];
  checkpoints: number;
  /** The newest of them. */
  newest?: Checkpoint;
  /** Ids of the keys that signed; `own`: nobody but the export itself says that they are right. */
  keys: string[];
  trust: 'given' | 'own';
}

/**
 * Checks an export by itself: every record follows from the one before, every checkpoint is signed and fits. Each byte counts,
 * since a line has one spelling only. `trusted` are keys from elsewhere; without them the export's own are taken.
 */
export async function verifyExport(lines: AsyncIterable<string>, trusted?: PublicKeys): Promise<ExportReport> {
  const source = parsed(lines);
  const trust = trusted ? ('given' as const) : ('own' as const);
  const head = openHead((await source.next()).value, trusted);
  if ('because' in head) return { ...reportOf([], head), ranges: [], checkpoints: 0, keys: [], trust };

  const check = createExportCheck(head, trusted ?? publicKeysOf(head.keys));
  const firstBad = (await firstFault(source, check)) ?? check.end();
  const { ends, records, checkpoints } = check.seen();
  const newest = checkpoints.at(-1);
  return {
    ...{ ...reportOf(ends, firstBad), records },
    ranges: rangesOf(head),
    checkpoints: checkpoints.length,
    keys: [...new Set(checkpoints.map(({ key }) => key))],
    trust,
    ...(newest ? { newest } : {}),
  };
}

type Line = ReturnType<typeof parse>;

function openHead(line: Line | undefined, trusted: PublicKeys | undefined): ExportHead | FirstBad {
  if (line === undefined || line === 'broken' || !('head' in line))
    return bad(startOf(CHAIN), 'this is no export of audit records');
  const because = faultOfHead(line.head, trusted);
  return because ? bad(startOf(rangesOf(line.head)[0]?.chain ?? CHAIN), because) : line.head;
}

async function firstFault(
  lines: AsyncIterable<Line>,
  check: ReturnType<typeof createExportCheck>,
): Promise<FirstBad | undefined> {
  for await (const line of lines) {
    if (line === 'broken' || 'head' in line) return check.here('a line of the export is not as it was written');
    const fault = 'record' in line ? check.record(line.record) : check.checkpoint(line.checkpoint);
    if (fault) return fault;
  }
  return undefined;
}

const bad = ({ chain, seq }: ChainEnd, because: string): FirstBad => ({ chain, seq: seq + 1, because });

/** Takes the lines after the head, one by one; each call tells the fault that it found. */
function createExportCheck(head: ExportHead, keys: PublicKeys) {
  const ranges = rangesOf(head);
  const names = ranges.map(({ chain }) => chain);
  const ends = new Map(ranges.map(({ chain, from }) => [chain, { ...startOf(chain), seq: from - 1 }]));
  const checkpoints: Checkpoint[] = [];
  let records = 0;
  let newest = startOf(names[0] ?? '');

  /** An export may begin anywhere: there a checkpoint says that the record is right, and with it what it follows from. */
  function before(record: AuditRecord): ChainEnd | undefined {
    const end = ends.get(record.chain);
    const isFirst = end?.hash === GENESIS && end.seq > 0;
    return isFirst ? { ...end, hash: record.prev_hash } : end;
  }

  return {
    here: (because: string): FirstBad => bad(newest, because),
    record(record: AuditRecord): FirstBad | undefined {
      const end = before(record);
      if (!end) return bad(newest, 'it is a record of another chain');
      const strange = misplaced(record, names);
      const fault = faultAfter(end, record) ?? (strange ? bad(end, strange) : undefined);
      if (fault) return fault;
      newest = { chain: end.chain, seq: record.seq, hash: record.hash };
      ends.set(end.chain, newest);
      records += 1;
      return undefined;
    },
    checkpoint(checkpoint: Checkpoint): FirstBad | undefined {
      const last = checkpoints.at(-1);
      const because = faultOf(checkpoint, { ends, names, last, keys });
      if (because)
        return { ...firstCovered(checkpoint, last, names), because: `checkpoint ${checkpoint.number} ${because}` };
      checkpoints.push(checkpoint);
      return undefined;
    },
    end: () =>
      wrongEnd(ranges, [...ends.values()], records) ??
      unvouchedStart(ranges, checkpoints) ??
      wrongCount(head, newest, checkpoints) ??
      unusedKey(head, newest, checkpoints),
    seen: () => ({ ends: [...ends.values()], records, checkpoints }),
  };
}

function wrongEnd(ranges: readonly Range[], ends: readonly ChainEnd[], records: number): FirstBad | undefined {
  const range =
    ranges.find(({ chain, to }) => endIn(ends, chain).seq !== to) ?? (records === 0 ? ranges[0] : undefined);
  return range && bad(endIn(ends, range.chain), `the export says that it ends with record ${range.to}`);
}

/** Each chain begins with its very first record, or with one that the first checkpoint ends with. */
function unvouchedStart(ranges: readonly Range[], [first]: readonly Checkpoint[]): FirstBad | undefined {
  const range = ranges.find(({ chain, from }) => from > 1 && endIn(headsOf(first), chain).seq !== from);
  if (!range) return undefined;
  const { chain, from } = range;
  return { chain, seq: from, because: 'the export begins where no checkpoint vouches for it' };
}

function wrongCount(head: ExportHead, at: ChainEnd, { length }: readonly Checkpoint[]): FirstBad | undefined {
  if (head.checkpoints === length) return undefined;
  return { ...at, because: `the export says that it has ${head.checkpoints} checkpoints, and has ${length}` };
}

function unusedKey(head: ExportHead, at: ChainEnd, checkpoints: readonly Checkpoint[]): FirstBad | undefined {
  const used = new Set(checkpoints.map(({ key }) => key));
  if ([...publicKeysOf(head.keys).keys()].every((id) => used.has(id))) return undefined;
  return { ...at, because: 'the export names a key with which nothing in it is signed' };
}

function faultOfHead(head: ExportHead, trusted: PublicKeys | undefined): string | undefined {
  const ranges = rangesOf(head);
  const names = namesOf(ranges.length);
  if (!ranges.every(({ chain }, place) => chain === names[place])) return 'the export is of another chain';
  const { keys } = head;
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

interface Seen {
  ends: ReadonlyMap<string, ChainEnd>;
  names: readonly string[];
  last: Checkpoint | undefined;
  keys: PublicKeys;
}

function faultOf(checkpoint: Checkpoint, { ends, names, last, keys }: Seen): string | undefined {
  const isHere = ({ chain, seq, hash }: ChainEnd) => ends.get(chain)?.seq === seq && ends.get(chain)?.hash === hash;
  const strange = strangeChains(checkpoint, names);
  if (strange) return strange;
  if (!headsOf(checkpoint).every(isHere)) return 'is not about the record before it';
  const unsigned = signatureFault(checkpoint, keys);
  if (unsigned || !last) return unsigned;
  const follows = checkpoint.number === last.number + 1 && checkpoint.prev === checkpointHash(last);
  if (!follows) return 'does not follow from the one before it';
  return coversNoMore(checkpoint, last) ? 'covers no more than the one before it' : undefined;
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<Line, undefined> {
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
