import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { canonicalJson, type Json, type JsonObject } from '../lib/json.ts';
import type { Store } from '../store/store.ts';
import { AuditRecord, CHAIN } from './audit-record.ts';
import { recordsOf } from './audit-walk.ts';
import { Checkpoint, checkpointsOf } from './checkpoint.ts';
import { type PublicKeys, pemOf } from './checkpoint-keys.ts';

/** The first line of an export: what follows, and with which keys its checkpoints are checked. */
const Head = z.strictObject({
  export: z.literal('opsagent audit v1'),
  chain: z.string(),
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  /** How many follow. */
  checkpoints: z.number().int().min(0),
  /** Those that signed, as PEM; whoever trusts an export compares their ids with what they know. */
  keys: z.array(z.string()),
});
export type ExportHead = z.output<typeof Head>;

/** A line each: the head, then checkpoints and records in order of `seq`, a checkpoint after the record it ends with. */
export const ExportLine = z.union([
  z.strictObject({ head: Head }),
  z.strictObject({ record: AuditRecord }),
  z.strictObject({ checkpoint: Checkpoint }),
]);

/** Bounds as people give them: a record's number, or a day or time. */
export interface Wanted {
  from?: string;
  to?: string;
}

/**
 * The records from `from` to `to`, widened on both sides to the checkpoints around them, since only what stands between two
 * checkpoints is vouched for without the rest. Where none comes after, it ends with the newest record.
 *
 * @throws OpsError `input_invalid` for bounds that cannot be read, `not_found` when no record lies between them
 */
export async function* exportLines(store: Store, wanted: Wanted, keys: PublicKeys): AsyncGenerator<string> {
  const asked = await bounds(store, wanted);
  const checkpoints = new Map<number, Checkpoint>();
  for await (const checkpoint of checkpointsOf(store)) checkpoints.set(checkpoint.seq, checkpoint);
  const ends = [...checkpoints.keys()];
  const from = ends.findLast((seq) => seq <= asked.first) ?? 1;
  const to = ends.find((seq) => seq >= asked.last) ?? asked.newest;
  const signed = [...checkpoints.values()].filter(({ seq }) => seq >= from && seq <= to).map(({ key }) => key);
  const used = [...keys].filter(([id]) => signed.includes(id)).map(([, key]) => pemOf(key));

  yield line({ head: { export: 'opsagent audit v1', chain: CHAIN, from, to, checkpoints: signed.length, keys: used } });
  for await (const record of recordsOf(store, from)) {
    if (record.seq > to) return;
    yield line({ record: record as JsonObject });
    const checkpoint = checkpoints.get(record.seq);
    if (checkpoint) yield line({ checkpoint: checkpoint as JsonObject });
  }
}

async function bounds(
  store: Store,
  { from = '1', to }: Wanted,
): Promise<{ first: number; last: number; newest: number }> {
  const after = readBound(from, 'from');
  const before = to === undefined ? () => false : readBound(to, 'to', 'beyond');
  let first: number | undefined;
  let last: number | undefined;
  let newest = 0;
  for await (const record of recordsOf(store)) {
    newest = record.seq;
    if (!after(record) || before(record)) continue;
    first ??= record.seq;
    last = record.seq;
  }
  if (first !== undefined && last !== undefined) return { first, last, newest };
  throw new OpsError('not_found', 'There is no audit record between these bounds.', {
    hint: 'Give --from and --to as record numbers or as times such as 2026-11-01 or 2026-11-01T08:00:00Z.',
  });
}

/** Whether a record is at or after the bound; `beyond`: after it. A day means its first moment, and with `beyond` its last. */
function readBound(text: string, name: string, how: 'at' | 'beyond' = 'at'): (record: AuditRecord) => boolean {
  if (/^\d{1,12}$/.test(text)) return ({ seq }) => (how === 'at' ? seq >= Number(text) : seq > Number(text));
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? (how === 'at' ? 'T00:00:00.000Z' : 'T23:59:59.999Z') : '';
  const time = Date.parse(text + day);
  if (Number.isFinite(time)) return ({ ts }) => (how === 'at' ? Date.parse(ts) >= time : Date.parse(ts) > time);
  throw new OpsError('input_invalid', `--${name} is neither a record number nor a time.`, {
    hint: 'For example --from 120, --from 2026-11-01 or --from 2026-11-01T08:00:00Z.',
  });
}

const line = (value: Json): string => canonicalJson(value);
