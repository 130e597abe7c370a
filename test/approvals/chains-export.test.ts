import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { exportLines } from '../../approvals/audit-export.ts';
import { verifyExport } from '../../approvals/audit-export-verify.ts';
import { endIn } from '../../approvals/audit-walk.ts';
import { headsOf } from '../../approvals/checkpoint.ts';
import { linesOf } from '../../approvals/checkpoint-file.ts';
import { publicKeysOf, type Signer } from '../../approvals/checkpoint-keys.ts';
import { OpsError } from '../../lib/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { type Left, leftStore } from './tamper/left-store.ts';
import { newSigner, signedChains } from './tamper/signed-chain.ts';
import { relinked } from './tamper/tampers-of-many.ts';

describe('an export of sixteen chains', function () {
  this.timeout(60_000);
  const path = temporaryFolder();
  let signer: Signer;
  let whole: Left;

  before(async () => {
    signer = newSigner();
    whole = await signedChains(signer);
  });

  const keys = () => publicKeysOf([signer.publicKeyPem]);
  async function exported(wanted: { from?: string; to?: string } = {}): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of exportLines(leftStore(whole), wanted, keys())) lines.push(line);
    return lines;
  }
  const verifyText = (text: string) => {
    writeFileSync(path('export.jsonl'), text);
    return verifyExport(linesOf(path('export.jsonl')), keys());
  };
  const textOf = (lines: readonly string[]) => `${lines.join('\n')}\n`;

  it('holds them all with the checkpoints between them, and is verified alone [A2]', async () => {
    const lines = await exported();

    const report = await verifyText(textOf(lines));

    expect(report).to.deep.include({ ok: true, records: 160, chains: 16, checkpoints: 3, trust: 'given' });
    expect(report.ranges.map(({ from }) => from)).to.deep.equal(Array(16).fill(1));
    expect(lines).to.have.length(1 + 160 + 3);
  });

  it('of a time is widened to the checkpoints around it, in each chain [A2]', async () => {
    const { store, first, last } = later(whole);

    const lines: string[] = [];
    for await (const line of exportLines(store, { from: first, to: last }, keys())) lines.push(line);
    const report = await verifyText(textOf(lines));

    const [one, two] = [headsOf(whole.checkpoints[0]), headsOf(whole.checkpoints[1])];
    expect(report.firstBad).to.equal(undefined);
    expect(report.checkpoints).to.equal(2);
    for (const { chain, from, to } of report.ranges)
      expect([from, to]).to.deep.equal([Math.max(1, endIn(one, chain).seq), endIn(two, chain).seq]);
  });

  it('is refused with any one byte changed, 300 times [A2]', async () => {
    const bytes = Buffer.from(textOf(await exported()));
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    let tried = 0;

    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ by, at);
        writeFileSync(path('export.jsonl'), changed);
        const { ok } = await verifyExport(linesOf(path('export.jsonl')));
        tried += 1;
        expect(ok, `byte ${at} of ${bytes.length}, xor ${by}`).to.equal(false);
      }),
      { numRuns: 300, seed: 2026 },
    );

    expect(tried).to.be.at.least(300);
  });

  it('is refused when a line is missing or doubled, when it is cut off, and when a whole chain was taken out [A2]', async () => {
    const lines = await exported();
    const verdicts: (string | undefined)[] = [];

    for (let at = 0; at < lines.length; at += 3) {
      verdicts.push((await verifyText(textOf(lines.toSpliced(at, 1)))).firstBad?.because);
      verdicts.push((await verifyText(textOf(lines.toSpliced(at, 0, lines[at] ?? '')))).firstBad?.because);
      verdicts.push((await verifyText(textOf(lines.slice(0, at)))).firstBad?.because);
    }
    const without = lines.filter((line) => !line.includes('"chain":"main-4","'));
    const taken = await verifyText(textOf([lines[0] ?? '', ...without.slice(1)]));

    expect(verdicts.filter((because) => because === undefined)).to.have.length(0);
    expect(verdicts).to.have.length(Math.ceil(lines.length / 3) * 3);
    expect(taken.ok).to.equal(false);
  });

  it('is refused when a chain in it was written anew so that it fits together, and the checkpoints were left [A2]', async () => {
    const chain = 'main-4';
    const mine = whole.records.filter((record) => record.chain === chain);
    const anew = relinked(
      chain,
      mine.map((record) => ({ ...record, summary: `${record.summary}!` })),
    );
    const records = whole.records.map((record) => anew[mine.indexOf(record)] ?? record);
    const lines: string[] = [];
    for await (const line of exportLines(leftStore({ ...whole, records }), {}, keys())) lines.push(line);

    const { firstBad } = await verifyText(textOf(lines));

    expect(firstBad?.because).to.equal('checkpoint 1 is not about the record before it');
  });

  it('is not made by record numbers, which count within a chain [A2]', async () => {
    const [end] = await Promise.allSettled([exported({ from: '12' })]);

    expect(end?.status === 'rejected' && end.reason instanceof OpsError && end.reason.code).to.equal('input_invalid');
    expect(end?.status === 'rejected' && end.reason.hint).to.match(/several chains: give --from and --to as times/);
  });
});

/** The records between the first two checkpoints, by a time that only they have; nothing else of the store is looked at for it. */
function later(whole: Left) {
  const [one, two] = [headsOf(whole.checkpoints[0]), headsOf(whole.checkpoints[1])];
  const between = whole.records.filter(({ chain, seq }) => seq > endIn(one, chain).seq && seq <= endIn(two, chain).seq);
  const times = between.map(({ ts }) => ts).toSorted();
  return { store: leftStore(whole), first: times[0], last: times.at(-1) };
}
