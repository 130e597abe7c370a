import { z } from 'zod';
import { systemClock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { canonicalJson, type Json, type JsonObject } from '../lib/json.ts';
import type { Store } from '../store/store.ts';
import { readChains } from './audit-chains.ts';
import { AuditRecord } from './audit-record.ts';
import { endIn, isAfterCleanUp, recordsOf } from './audit-walk.ts';
import { Checkpoint, checkpointsOf, headsOf } from './checkpoint.ts';
import { type PublicKeys, pemOf } from './checkpoint-keys.ts';

/** Of one chain, both ends included; `to` is less than `from` when the chain had no record. */
const Range = z.strictObject({ chain: z.string(), from: z.number().int().min(1), to: z.number().int().min(0) });
export type Range = z.output<typeof Range>;

const common = {
  /** How many follow. */
  checkpoints: z.number().int().min(0),
  /** Those that signed, as PEM; whoever trusts an export compares their ids with what they know. */
  keys: z.array(z.string()),
};

/** The first line of an export: what follows, and with which keys its checkpoints are checked. */
const Head = z.discriminatedUnion('export', [
  Range.extend({ export: z.literal('opsagent audit v1'), ...common }),
  z.strictObject({ export: z.literal('opsagent audit v2'), ranges: z.array(Range).min(2), ...common }),
]);
export type ExportHead = z.output<typeof Head>;

/**
 * A line each: the head, then checkpoints and records. A checkpoint stands right after the last record that it covers, and before
 * it the chains one after the other, each in order of `seq`.
 */
export const ExportLine = z.union([
  z.strictObject({ head: Head }),
  z.strictObject({ record: AuditRecord }),
  z.strictObject({ checkpoint: Checkpoint }),
]);

/** What of which chain the export holds. */
export function rangesOf(head: ExportHead): readonly Range[] {
  if (head.export === 'opsagent audit v2') return head.ranges;
  const { chain, from, to } = head;
  return [{ chain, from, to }];
}

/** Bounds as people give them: a day or time, or a record's number where there is one chain. */
export interface Wanted {
  from?: string;
  to?: string;
}

/**
 * The records from `from` to `to`, widened on both sides to the checkpoints around them, since only what stands between two
 * checkpoints is vouched for without the rest. Where none comes after, it ends with the newest records.
 *
 * @throws OpsError `input_invalid` for bounds that cannot be read, `not_found` when no record lies between them
 */
export async function* exportLines(store: Store, wanted: Wanted, keys: PublicKeys): AsyncGenerator<string> {
  const { names } = await readChains(store);
  const asked = await bounds(store, names, wanted);
  const { before, inside, after } = around(asked, await allCheckpoints(store));
  const ranges = asked.map(({ chain, oldest, newest }): Range => {
    const to = after ? endIn(headsOf(after), chain).seq : newest;
    return { chain, from: Math.max(oldest, endIn(headsOf(before), chain).seq), to };
  });
  const signed = inside.map(({ key }) => key);
  const used = [...keys].filter(([id]) => signed.includes(id)).map(([, key]) => pemOf(key));

  yield line({ head: headOf(ranges, { checkpoints: signed.length, keys: used }) });
  const lanes = ranges.map(
    ({ chain, from }): Lane => ({ chain, at: from - 1, records: recordsOf(store, chain, from) }),
  );
  for (const checkpoint of inside) {
    for (const lane of lanes) yield* linesUpTo(lane, endIn(headsOf(checkpoint), lane.chain).seq);
    yield line({ checkpoint: checkpoint as JsonObject });
  }
  for (const [place, lane] of lanes.entries()) yield* linesUpTo(lane, ranges[place]?.to ?? 0);
}

function headOf(ranges: readonly Range[], rest: Pick<ExportHead, 'checkpoints' | 'keys'>): JsonObject {
  const [range] = ranges;
  return range && ranges.length === 1
    ? { export: 'opsagent audit v1', ...range, ...rest }
    : { export: 'opsagent audit v2', ranges: [...ranges], ...rest };
}

/** A chain on its way into the export. */
interface Lane {
  chain: string;
  /** The last record that was written. */
  at: number;
  records: AsyncGenerator<AuditRecord>;
}

async function* linesUpTo(lane: Lane, seq: number): AsyncGenerator<string> {
  while (lane.at < seq) {
    const { value: record, done } = await lane.records.next();
    if (done) return;
    lane.at = record.seq;
    yield line({ record: record as JsonObject });
  }
}

/** Of one chain: the first and the last record that were asked for, if any, and what there is: 1 is the oldest until some are cleaned up. */
interface Asked {
  chain: string;
  first?: number;
  last?: number;
  oldest: number;
  newest: number;
}

/** The checkpoints to widen to, and all from one to the other. What is left from before the first that can be checked is left out. */
function around(asked: readonly Asked[], checkpoints: readonly Checkpoint[]) {
  const wanted = checkpoints.findLastIndex((one) =>
    asked.every(({ chain, first = Number.POSITIVE_INFINITY }) => endIn(headsOf(one), chain).seq <= first),
  );
  const place = asked.every(({ oldest }) => oldest === 1) ? wanted : Math.max(wanted, firstKept(asked, checkpoints));
  const later = checkpoints.slice(Math.max(0, place));
  const end = later.findIndex((one) => asked.every(({ chain, last = 0 }) => endIn(headsOf(one), chain).seq >= last));
  return {
    before: checkpoints[place],
    inside: end === -1 ? later : later.slice(0, end + 1),
    after: later[end],
  };
}

const firstKept = (asked: readonly Asked[], checkpoints: readonly Checkpoint[]): number =>
  checkpoints.findIndex((one) =>
    asked.every(({ chain, oldest }) => oldest === 1 || endIn(headsOf(one), chain).seq >= oldest),
  );

async function allCheckpoints(store: Store): Promise<Checkpoint[]> {
  const checkpoints: Checkpoint[] = [];
  for await (const checkpoint of checkpointsOf(store)) checkpoints.push(checkpoint);
  return checkpoints;
}

async function bounds(store: Store, names: readonly string[], { from, to }: Wanted): Promise<Asked[]> {
  const after = from === undefined ? () => true : readBound(from, 'from', names);
  const before = to === undefined ? () => false : readBound(to, 'to', names, 'beyond');
  const now = systemClock.now();
  const asked: Asked[] = [];
  for (const chain of names) {
    const found: Asked = { chain, oldest: 1, newest: 0 };
    for await (const record of recordsOf(store, chain)) {
      if (isAfterCleanUp({ seq: found.newest }, record, now)) found.oldest = record.seq;
      found.newest = record.seq;
      if (!after(record) || before(record)) continue;
      found.first ??= record.seq;
      found.last = record.seq;
    }
    asked.push(found);
  }
  if (asked.some(({ first }) => first !== undefined)) return asked;
  throw new OpsError('not_found', 'There is no audit record between these bounds.', { hint: hintFor(names) });
}

/** Whether a record is at or after the bound; `beyond`: after it. A day means its first moment, and with `beyond` its last. */
function readBound(
  text: string,
  name: string,
  names: readonly string[],
  how: 'at' | 'beyond' = 'at',
): (record: AuditRecord) => boolean {
  if (names.length === 1 && /^\d{1,12}$/.test(text))
    return ({ seq }) => (how === 'at' ? seq >= Number(text) : seq > Number(text));
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? (how === 'at' ? 'T00:00:00.000Z' : 'T23:59:59.999Z') : '';
  const time = /^\d+$/.test(text) ? Number.NaN : Date.parse(text + day);
  if (Number.isFinite(time)) return ({ ts }) => (how === 'at' ? Date.parse(ts) >= time : Date.parse(ts) > time);
  const isNot = names.length === 1 ? 'neither a record number nor a time' : 'not a time';
  throw new OpsError('input_invalid', `--${name} is ${isNot}.`, { hint: hintFor(names) });
}

/** Numbers count within a chain, so of several chains they bound nothing. */
const hintFor = ({ length }: readonly string[]): string =>
  length === 1
    ? 'Give --from and --to as record numbers or as times: 120, 2026-11-01 or 2026-11-01T08:00:00Z.'
    : 'This record has several chains: give --from and --to as times, such as 2026-11-01 or 2026-11-01T08:00:00Z.';

const line = (value: Json): string => canonicalJson(value);
