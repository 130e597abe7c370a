import fc from 'fast-check';
import { type AuditRecord, CHAIN, GENESIS, recordHash } from '../../../approvals/audit-record.ts';
import {
  type Checkpoint,
  type CheckpointOfOne,
  checkpointHash,
  checkpointLine,
  signedBytes,
} from '../../../approvals/checkpoint.ts';
import type { Signer } from '../../../approvals/checkpoint-keys.ts';
import type { Left } from './left-store.ts';
import { COVERED, LENGTH } from './signed-chain.ts';

/** What was done, and the records among which the first bad one has to be named. */
export interface Tamper {
  left: Left;
  places: readonly Place[];
}

export interface Place {
  chain: string;
  from: number;
  to: number;
}

const anySeq = fc.integer({ min: 1, max: LENGTH });
const coveredSeq = fc.integer({ min: 1, max: COVERED.at(-1) ?? 0 });
/** Not one that a checkpoint names itself: there its signature would tell, whatever the hash holds. */
const uncheckedSeq = fc.integer({ min: 1, max: LENGTH - 1 }).filter((seq) => !COVERED.includes(seq));
const anyCheckpoint = fc.constantFrom(1, 2, 3);
const word = fc.stringMatching(/^[a-z]{1,12}$/);

/** The first record of the checkpoint that covers `seq`. */
const intervalOf = (seq: number) => (COVERED.findLast((end) => end < seq) ?? 0) + 1;
const firstOf = (number: number) => (COVERED[number - 2] ?? 0) + 1;

const replaced = (records: readonly AuditRecord[], seq: number, by: (record: AuditRecord) => AuditRecord) =>
  records.map((record) => (record.seq === seq ? by(record) : record));

export const hashed = ({ hash: _, ...bare }: AuditRecord): AuditRecord => ({ ...bare, hash: recordHash(bare) });

/** The fixture has one chain. */
function ofOne(checkpoint: Checkpoint | undefined): CheckpointOfOne {
  if (checkpoint?.v !== 1) throw new Error('no checkpoint of one chain');
  return checkpoint;
}

/** Everything from `from` on written anew so that it fits together, with a head that fits too. */
function rewritten({ records, ...rest }: Left, from: number, said: string): Left {
  const anew: AuditRecord[] = [];
  for (const record of records) {
    const prev_hash = anew.at(-1)?.hash ?? GENESIS;
    anew.push(record.seq < from ? record : hashed({ ...record, summary: `${record.summary} ${said}`, prev_hash }));
  }
  const { seq, hash } = anew.at(-1) ?? { seq: 0, hash: GENESIS };
  return { ...rest, records: anew, heads: [{ chain: CHAIN, seq, hash }] };
}

/** Checkpoints that fit the records again, those from number `from` on signed with a key of the intruder's. */
async function forged(left: Left, forger: Signer, claimed: string, from = 1): Promise<Checkpoint[]> {
  const made: Checkpoint[] = [];
  for (const checkpoint of left.checkpoints.map(ofOne)) {
    const before = made.at(-1);
    if (checkpoint.number < from) {
      made.push(checkpoint);
      continue;
    }
    const hash = left.records.find(({ seq }) => seq === checkpoint.seq)?.hash ?? checkpoint.hash;
    const bare = { ...checkpoint, hash, prev: before ? checkpointHash(before) : GENESIS, key: claimed };
    made.push({ ...bare, signature: (await forger.sign(signedBytes(bare))).toString('base64') });
  }
  return made;
}

/** Classes of SAFETY F3: how an intruder who holds the store, or the second place, but not the key, changes history. */
export function tampers(whole: Left, forger: Signer, trustedKey: string) {
  const one = (from: number, left: Partial<Left>, to = from): Tamper => ({
    left: { ...whole, ...left },
    places: [{ chain: CHAIN, from, to }],
  });
  const { records } = whole;
  const shorter = (keep: number) => records.slice(0, keep);
  const headOf = (list: AuditRecord[]) => ({ chain: CHAIN, seq: list.length, hash: list.at(-1)?.hash ?? GENESIS });

  return {
    edit: fc
      .tuple(anySeq, word)
      .map(([seq, summary]) => one(seq, { records: replaced(records, seq, (record) => ({ ...record, summary })) })),
    // Without prev_hash inside the hash this one would pass: the next record is only told of another neighbour.
    'edit and relink': fc.tuple(uncheckedSeq, word).map(([seq, summary]) => {
      const edited = replaced(records, seq, (record) => hashed({ ...record, summary }));
      const hash = edited[seq - 1]?.hash ?? '';
      return one(seq, { records: replaced(edited, seq + 1, (record) => ({ ...record, prev_hash: hash })) }, seq + 1);
    }),
    delete: anySeq.map((seq) => one(seq, { records: records.filter((record) => record.seq !== seq) })),
    swap: fc
      .tuple(anySeq, anySeq)
      .filter(([a, b]) => a < b)
      .map(([a, b]) => {
        const at = (seq: number) => records[seq - 1] as AuditRecord;
        const first = replaced(records, a, () => ({ ...at(b), seq: a }));
        return one(a, { records: replaced(first, b, () => ({ ...at(a), seq: b })) });
      }),
    insert: fc.tuple(anySeq, word).map(([seq, summary]) => {
      const extra = hashed({ ...(records[seq - 1] as AuditRecord), summary });
      return one(seq, { records: records.toSpliced(seq, 0, extra) }, seq + 1);
    }),
    'cut the tail': fc.integer({ min: 0, max: LENGTH - 1 }).map((keep) => one(keep + 1, { records: shorter(keep) })),
    'cut the tail and move the head': fc.integer({ min: 1, max: (COVERED.at(-1) ?? 0) - 1 }).map((keep) => {
      const kept = shorter(keep);
      const checkpoints = whole.checkpoints.map(ofOne).filter(({ seq }) => seq <= keep);
      const left = { records: kept, heads: [headOf(kept)], checkpoints, delivered: checkpoints.length };
      return one(intervalOf(keep + 1), left, keep + 1);
    }),
    fork: fc.tuple(coveredSeq, word).map(([seq, said]) => one(intervalOf(seq), rewritten(whole, seq, said), seq)),
    'rewrite the whole chain, its checkpoints too': word.map((said) => {
      const left = rewritten(whole, 1, said);
      return forged(left, forger, forger.keyId).then((checkpoints) => one(1, { ...left, checkpoints }));
    }),
    // Who holds both places and lacks the key alone; without a look at the signature this one would pass.
    'rewrite what the newest checkpoint covers, here and there': fc
      .tuple(fc.integer({ min: 21, max: 27 }), word)
      .map(async ([seq, said]) => {
        const left = rewritten(whole, seq, said);
        const newest = (await forged(left, forger, trustedKey, 3))[2] as Checkpoint;
        const checkpoints = whole.checkpoints.toSpliced(2, 1, newest);
        return one(21, { ...left, checkpoints, place: checkpoints.map(checkpointLine) }, seq);
      }),
    'swap a checkpoint here and there': fc.tuple(anyCheckpoint, fc.boolean()).map(async ([number, named]) => {
      const made = await forged(whole, forger, named ? trustedKey : forger.keyId);
      const checkpoints = whole.checkpoints.map((held) => (held.number === number ? (made[number - 1] ?? held) : held));
      return one(firstOf(number), { checkpoints, place: checkpoints.map(checkpointLine) });
    }),
    'edit a checkpoint outside': fc
      .tuple(anyCheckpoint, fc.constantFrom('hash', 'prev', 'key'), fc.constantFrom(...'0123456789abcdef'))
      .filter(([number, field, digit]) => ofOne(whole.checkpoints[number - 1])[field as 'hash'][0] !== digit)
      .map(([number, field, digit]) => {
        const held = ofOne(whole.checkpoints[number - 1]);
        const line = checkpointLine({ ...held, [field]: digit + held[field as 'hash'].slice(1) });
        return one(firstOf(number), { place: whole.place.toSpliced(number - 1, 1, line) });
      }),
    'delete a checkpoint outside': anyCheckpoint.map((number) =>
      one(firstOf(number), { place: whole.place.toSpliced(number - 1, 1) }),
    ),
    'delete a checkpoint here': anyCheckpoint.map((number) =>
      one(firstOf(number), { checkpoints: whole.checkpoints.toSpliced(number - 1, 1) }),
    ),
    'swap two checkpoints': fc.constantFrom([1, 2], [2, 3], [1, 3]).map(([a = 1, b = 2]) => {
      const number = (of: Checkpoint) => (of.number === a ? b : of.number === b ? a : of.number);
      const checkpoints = whole.checkpoints.map((held) => ({ ...held, number: number(held) }));
      return one(firstOf(a), { checkpoints, place: checkpoints.map(checkpointLine) });
    }),
  } satisfies Record<string, fc.Arbitrary<Tamper | Promise<Tamper>>>;
}
