import fc from 'fast-check';
import { type AuditRecord, CHAIN, GENESIS } from '../../../approvals/audit-record.ts';
import { type ChainEnd, endIn } from '../../../approvals/audit-walk.ts';
import {
  type Checkpoint,
  checkpointHash,
  checkpointLine,
  headsOf,
  marksOf,
  signedBytes,
} from '../../../approvals/checkpoint.ts';
import type { Signer } from '../../../approvals/checkpoint-keys.ts';
import type { Left } from './left-store.ts';
import { hashed, type Place, type Tamper } from './tampers.ts';

const word = fc.stringMatching(/^[a-z]{1,12}$/);

/** The parts of the classes below. */
function partsOf(whole: Left) {
  const { records, heads, checkpoints } = whole;
  const names = heads.map(({ chain }) => chain);
  const of = (chain: string) => records.filter((record) => record.chain === chain);
  const put = (anew: Record<string, AuditRecord[]>) => names.flatMap((chain) => anew[chain] ?? of(chain));
  const headsFor = (all: readonly AuditRecord[]) => names.map((chain) => headOf(chain, all));
  const [anyChain, anyOther] = [fc.constantFrom(...names), fc.constantFrom(...names)];
  const anyRecord = fc.constantFrom(...records);
  /** Not one that a checkpoint names itself, nor the last: there its signature or the head would tell. */
  const innerRecord = fc.constantFrom(
    ...records.filter(
      ({ chain, seq }) =>
        seq < endIn(heads, chain).seq && !marksOf(checkpoints, chain).some((mark) => mark.seq === seq),
    ),
  );
  const covered = records.filter(({ chain, seq }) => seq <= endIn(headsOf(checkpoints.at(-1)), chain).seq);
  const uncovered = heads.filter(({ chain, seq }) => seq > endIn(headsOf(checkpoints.at(-1)), chain).seq);
  /** From the first record of the checkpoint that covers this one. */
  const interval = ({ chain, seq }: Pick<AuditRecord, 'chain' | 'seq'>): Place => {
    const mark = marksOf(checkpoints, chain).find((one) => one.seq >= seq);
    return { chain, from: mark?.first ?? seq, to: seq };
  };
  const made = (left: Partial<Left>, ...places: Place[]): Tamper => ({ left: { ...whole, ...left }, places });
  const at = ({ chain, seq }: Pick<AuditRecord, 'chain' | 'seq'>, more = 0): Place => ({
    chain,
    from: seq,
    to: seq + more,
  });
  const replaced = (old: AuditRecord, by: AuditRecord) => records.map((record) => (record === old ? by : record));
  const anyPair = fc.tuple(anyChain, anyOther).filter(([a, b]) => a !== b);
  const anyCovered = fc.constantFrom(...covered);
  const anyUncovered = fc.constantFrom(...uncovered);
  return {
    ...{ records, heads, checkpoints, names, of, put, headsFor, made, at, interval, replaced },
    ...{ anyChain, anyOther, anyRecord, innerRecord, anyCovered, anyUncovered, anyPair },
  };
}

/** How an intruder changes one chain of several. */
function tampersInOne(whole: Left) {
  const { records, of, put, headsFor, made, at, interval, replaced, ...draw } = partsOf(whole);
  return {
    edit: fc
      .tuple(draw.anyRecord, word)
      .map(([record, summary]) => made({ records: replaced(record, { ...record, summary }) }, at(record))),
    'edit and relink': fc.tuple(draw.innerRecord, word).map(([record, summary]) => {
      const edited = hashed({ ...record, summary });
      const relinked = replaced(record, edited).map((next) =>
        next.prev_hash === record.hash ? { ...next, prev_hash: edited.hash } : next,
      );
      return made({ records: relinked }, at(record, 1));
    }),
    'edit and hash anew': fc
      .tuple(draw.innerRecord, word)
      .map(([record, summary]) => made({ records: replaced(record, hashed({ ...record, summary })) }, at(record, 1))),
    delete: draw.anyRecord.map((record) => made({ records: records.filter((one) => one !== record) }, at(record))),
    'swap in a chain': fc
      .tuple(draw.anyRecord, draw.anyRecord)
      .filter(([a, b]) => a.chain === b.chain && a.seq < b.seq)
      .map(([a, b]) => {
        const swapped = records.map((one) =>
          one === a ? { ...b, seq: a.seq } : one === b ? { ...a, seq: b.seq } : one,
        );
        return made({ records: swapped }, at(a));
      }),
    insert: fc
      .tuple(draw.anyRecord, word)
      .map(([record, summary]) => made({ records: [...records, hashed({ ...record, summary })] }, at(record, 1))),
    'cut the tail of a chain': draw.anyRecord.map((record) => {
      const kept = records.filter(({ chain, seq }) => chain !== record.chain || seq < record.seq);
      return made({ records: kept }, at(record));
    }),
    'cut the tail of a chain and move its head': draw.anyCovered.map((record) => {
      const kept = records.filter(({ chain, seq }) => chain !== record.chain || seq < record.seq);
      return made({ records: kept, heads: headsFor(kept) }, interval(record), at(record));
    }),
    'remove a whole chain': draw.anyChain.map((chain) => {
      const kept = records.filter((record) => record.chain !== chain);
      return made({ records: kept, heads: headsFor(kept) }, at({ chain, seq: 1 }));
    }),
    'write a chain anew': fc.tuple(draw.anyCovered, word).map(([record, said]) => {
      const { chain, seq } = record;
      const anew = of(chain).map((one) => (one.seq < seq ? one : { ...one, summary: `${one.summary} ${said}` }));
      const all = put({ [chain]: relinked(chain, anew) });
      return made({ records: all, heads: headsFor(all) }, interval(record));
    }),
  };
}

/** How an intruder changes what stands between chains, or what is said of all. */
function tampersBetween(whole: Left, forger: Signer, trustedKey: string) {
  const { records, heads, checkpoints, names, of, put, headsFor, made, at, ...draw } = partsOf(whole);
  return {
    'put a record of one chain into another': fc
      .tuple(draw.anyRecord, draw.anyOther)
      .filter(([record, chain]) => record.chain !== chain)
      .map(([record, chain]) => {
        const last = of(chain).at(-1);
        const moved = hashed({ ...record, chain, seq: (last?.seq ?? 0) + 1, prev_hash: last?.hash ?? GENESIS });
        const all = [...records.filter((one) => one !== record), moved];
        return made({ records: all, heads: headsFor(all) }, at(record), at(moved));
      }),
    // No checkpoint covers it and everything fits: only its request says that it stands in the wrong chain.
    'move the newest record of a chain to the end of another': fc
      .tuple(draw.anyUncovered, draw.anyOther)
      .filter(([end, chain]) => end.chain !== chain)
      .map(([end, chain]) => {
        const record = of(end.chain).at(-1) as AuditRecord;
        const last = of(chain).at(-1);
        const moved = hashed({ ...record, chain, seq: (last?.seq ?? 0) + 1, prev_hash: last?.hash ?? GENESIS });
        const all = put({ [end.chain]: of(end.chain).slice(0, -1), [chain]: [...of(chain), moved] });
        return made({ records: all, heads: headsFor(all) }, at(moved));
      }),
    'exchange two chains': draw.anyPair.map(([a, b]) => {
      const all = put({ [a]: relinked(a, of(b)), [b]: relinked(b, of(a)) });
      const [first = a] = names.filter((name) => name === a || name === b);
      return made({ records: all, heads: headsFor(all) }, at({ chain: first, seq: 1 }));
    }),
    'put the head of one chain in the place of another': draw.anyPair.map(([a, b]) => {
      const { seq, hash } = endIn(heads, b);
      const mine = endIn(heads, a);
      const moved = heads.map((head) => (head.chain === a ? { chain: a, seq, hash } : head));
      return made({ heads: moved }, { chain: a, from: Math.min(mine.seq, seq), to: Math.max(mine.seq, seq) + 1 });
    }),
    // Who holds both places and lacks the key alone.
    'leave a chain out of a checkpoint, here and there': fc
      .tuple(draw.anyChain, fc.constantFrom(1, 2, 3), fc.boolean())
      .map(async ([chain, number, named]) => {
        const key = named ? trustedKey : forger.keyId;
        const forged = await forgedAt(checkpoints, number, forger, key, (all) =>
          all.map((head) => (head.chain === chain ? { chain, seq: 0, hash: GENESIS } : head)),
        );
        const before = headsOf(checkpoints[number - 2]);
        const bad = names.map((name) => at({ chain: name, seq: endIn(before, name).seq + 1 }));
        return made({ checkpoints: forged, place: forged.map(checkpointLine) }, ...bad);
      }),
    'say that there is one chain': fc.constant(made({ layout: undefined }, at({ chain: CHAIN, seq: 1 }))),
  };
}

export const tampersOfMany = (
  whole: Left,
  forger: Signer,
  trustedKey: string,
): Record<string, fc.Arbitrary<Tamper | Promise<Tamper>>> => ({
  ...tampersInOne(whole),
  ...tampersBetween(whole, forger, trustedKey),
});

function headOf(chain: string, all: readonly AuditRecord[]): ChainEnd {
  const last = all.filter((record) => record.chain === chain).at(-1);
  return { chain, seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
}

/** The same records as a chain of this name that fits together. */
export function relinked(chain: string, records: readonly AuditRecord[]): AuditRecord[] {
  const anew: AuditRecord[] = [];
  for (const record of records) anew.push(hashed({ ...record, chain, prev_hash: anew.at(-1)?.hash ?? GENESIS }));
  return anew;
}

/** Checkpoints from number `from` on as the intruder would have them, signed with a key of its own. */
async function forgedAt(
  checkpoints: readonly Checkpoint[],
  from: number,
  forger: Signer,
  key: string,
  change: (heads: ChainEnd[]) => ChainEnd[],
): Promise<Checkpoint[]> {
  const made: Checkpoint[] = [];
  for (const checkpoint of checkpoints) {
    const before = made.at(-1);
    if (checkpoint.v === 1) throw new Error('a checkpoint of one chain');
    const prev = before ? checkpointHash(before) : GENESIS;
    const bare = { ...checkpoint, heads: change(checkpoint.heads), prev, key };
    const signature = (await forger.sign(signedBytes(bare))).toString('base64');
    made.push(checkpoint.number < from ? checkpoint : { ...bare, signature });
  }
  return made;
}
