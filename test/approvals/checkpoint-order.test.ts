import { expect } from 'chai';
import { exportLines } from '../../approvals/audit-export.ts';
import { verifyExport } from '../../approvals/audit-export-verify.ts';
import { CHAIN, GENESIS } from '../../approvals/audit-record.ts';
import { type ChainEnd, countUpTo, endIn } from '../../approvals/audit-walk.ts';
import { type Checkpoint, checkpointHash, checkpointLine, headsOf, signedBytes } from '../../approvals/checkpoint.ts';
import { publicKeysOf, type Signer } from '../../approvals/checkpoint-keys.ts';
import { verifyRecord } from '../../approvals/record-verify.ts';
import { type Left, leftStore } from './tamper/left-store.ts';
import { COVERED, linesPlace, newSigner, signedChain, signedChains } from './tamper/signed-chain.ts';

type Change = (checkpoint: Checkpoint, whole: Left) => Checkpoint;

/** What whoever holds the store, the second place and the key leaves: each checkpoint is well signed, and follows unless `change` says otherwise. */
async function madeAnew(whole: Left, signer: Signer, change: Change): Promise<Left> {
  const made: Checkpoint[] = [];
  for (const checkpoint of whole.checkpoints) {
    const before = made.at(-1);
    const changed = change({ ...checkpoint, prev: before ? checkpointHash(before) : GENESIS }, whole);
    made.push({ ...changed, signature: (await signer.sign(signedBytes(changed))).toString('base64') });
  }
  return { ...whole, checkpoints: made, place: made.map(checkpointLine) };
}

const only =
  (number: number, change: Change): Change =>
  (checkpoint, whole) =>
    checkpoint.number === number ? change(checkpoint, whole) : checkpoint;

const following =
  (prev: string): Change =>
  (checkpoint) => ({ ...checkpoint, prev });

const covering =
  (seq: number): Change =>
  (checkpoint, whole) =>
    checkpoint.v === 1 ? { ...checkpoint, ...recordAt(whole, CHAIN, seq) } : checkpoint;

/** Where a chain ended when this was its newest record. */
function recordAt({ records }: Left, chain: string, seq: number): ChainEnd {
  const found = records.find((record) => record.chain === chain && record.seq === seq);
  return { chain, seq, hash: found?.hash ?? GENESIS };
}

const NEVER_MADE = 'ab'.repeat(32);
const [AFTER_FIRST = 0, AFTER_SECOND = 0] = COVERED.map((seq) => seq + 1);

describe('checkpoints that the trusted key signed out of line', () => {
  const signer = newSigner();
  const keys = publicKeysOf([signer.publicKeyPem]);
  let one: Left;
  let many: Left;

  before(async () => {
    one = await signedChain(signer);
    many = await signedChains(signer);
  });

  const verify = (left: Left) =>
    verifyRecord(leftStore(left), {
      copyPath: undefined,
      checkpoints: { place: linesPlace(left.place), keys: async () => keys },
    });
  const verifyExported = (left: Left) => verifyExport(exportLines(leftStore(left), {}, keys), keys);

  it('are sound when they are in line, however they were made [A2]', async () => {
    const left = await madeAnew(one, signer, (checkpoint) => checkpoint);

    const [report, exported] = [await verify(left), await verifyExported(left)];

    expect([report.ok, report.firstBad]).to.deep.equal([true, undefined]);
    expect(report.checkpoints).to.deep.include({ kind: 'checked', sound: 3 });
    expect([exported.ok, exported.checkpoints]).to.deep.equal([true, 3]);
  });

  const [unlinked, noMore] = ['does not follow from the one before it', 'covers no more than the one before it'];
  const table: [what: string, change: Change, seq: number, because: string][] = [
    ['the first follows from one that there never was', only(1, following(NEVER_MADE)), 1, `checkpoint 1 ${unlinked}`],
    ['the second begins anew', only(2, following(GENESIS)), AFTER_FIRST, `checkpoint 2 ${unlinked}`],
    ['the third follows from another one', only(3, following(NEVER_MADE)), AFTER_SECOND, `checkpoint 3 ${unlinked}`],
    ['the third covers less than the second', only(3, covering(15)), AFTER_SECOND, `checkpoint 3 ${noMore}`],
    ['the third covers what the second does', only(3, covering(20)), AFTER_SECOND, `checkpoint 3 ${noMore}`],
  ];
  for (const [what, change, seq, because] of table)
    it(`are refused from there on when ${what} [A2]`, async () => {
      const report = await verify(await madeAnew(one, signer, change));

      expect(report.ok).to.equal(false);
      expect(report.firstBad).to.deep.equal({ chain: CHAIN, seq, because });
      expect(report.checkpoints).to.deep.include({ sound: Number(because.split(' ')[1]) - 1 });
    });

  it('are refused when one chain of several goes back, though together they go on [A2]', async () => {
    const [, second] = many.checkpoints;
    const before = headsOf(second);
    const back = before.findLast(({ seq }) => seq > 1) ?? before[0];
    const goingBack: Change = (checkpoint, whole) => {
      if (checkpoint.v !== 2 || !back) return checkpoint;
      const earlier = recordAt(whole, back.chain, back.seq - 1);
      return { ...checkpoint, heads: checkpoint.heads.map((head) => (head.chain === back.chain ? earlier : head)) };
    };
    const left = await madeAnew(many, signer, only(3, goingBack));
    const after = headsOf(left.checkpoints[2]);
    const firstOn = before.find(({ chain, seq }) => endIn(after, chain).seq > seq);

    const report = await verify(left);

    expect(countUpTo(after)).to.be.greaterThan(countUpTo(before));
    expect(report.ok).to.equal(false);
    expect(report.firstBad).to.deep.equal({
      chain: firstOn?.chain,
      seq: (firstOn?.seq ?? 0) + 1,
      because: `checkpoint 3 ${noMore}`,
    });
  });

  for (const [what, change, seq, because] of [
    ['the second begins anew', only(2, following(GENESIS)), AFTER_FIRST, `checkpoint 2 ${unlinked}`],
    ['the third follows from another one', only(3, following(NEVER_MADE)), AFTER_SECOND, `checkpoint 3 ${unlinked}`],
    [
      'a number is passed over',
      only(3, (checkpoint) => ({ ...checkpoint, number: 4 })),
      AFTER_SECOND,
      `checkpoint 4 ${unlinked}`,
    ],
    ['the third covers what the second does', only(3, covering(20)), AFTER_SECOND, `checkpoint 3 ${noMore}`],
    [
      'the third covers less than the second',
      only(3, covering(15)),
      AFTER_SECOND,
      'checkpoint 3 is not about the record before it',
    ],
  ] as const)
    it(`are refused in an export when ${what} [A2]`, async () => {
      const report = await verifyExported(await madeAnew(one, signer, change));

      expect(report.ok).to.equal(false);
      expect(report.firstBad).to.deep.equal({ chain: CHAIN, seq, because });
    });
});
