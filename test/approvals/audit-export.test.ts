import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { exportLines } from '../../approvals/audit-export.ts';
import { verifyExport } from '../../approvals/audit-export-verify.ts';
import { headsOf } from '../../approvals/checkpoint.ts';
import { linesOf } from '../../approvals/checkpoint-file.ts';
import { publicKeysOf, type Signer } from '../../approvals/checkpoint-keys.ts';
import { OpsError } from '../../lib/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { type Left, leftStore } from './tamper/left-store.ts';
import { newSigner, signedChain } from './tamper/signed-chain.ts';

describe('an export of audit records', function () {
  this.timeout(60_000);
  const path = temporaryFolder();
  let signer: Signer;
  let whole: Left;

  before(async () => {
    signer = newSigner();
    whole = await signedChain(signer);
  });

  const keys = () => publicKeysOf([signer.publicKeyPem]);
  async function exported(wanted: { from?: string; to?: string } = {}): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of exportLines(leftStore(whole), wanted, keys())) lines.push(line);
    return lines;
  }
  const verifyText = (text: string, trusted?: ReturnType<typeof keys>) => {
    writeFileSync(path('export.jsonl'), text);
    return verifyExport(linesOf(path('export.jsonl')), trusted);
  };
  const textOf = (lines: readonly string[]) => `${lines.join('\n')}\n`;

  for (const [wanted, from, to, sound, covered] of [
    [{}, 1, 30, 3, 27],
    [{ from: '12', to: '18' }, 10, 20, 2, 20],
    [{ from: '10', to: '20' }, 10, 20, 2, 20],
    [{ from: '3', to: '4' }, 1, 10, 1, 10],
    [{ from: '28' }, 27, 30, 1, 27],
    [{ from: '2026-11-20', to: '2026-11-20' }, 1, 30, 3, 27],
  ] as const) {
    it(`of ${JSON.stringify(wanted)} holds records ${from} to ${to}, and is verified alone [A2]`, async () => {
      const lines = await exported(wanted);

      const report = await verifyText(textOf(lines), keys());

      expect(report).to.deep.include({
        ok: true,
        ranges: [{ chain: 'main', from, to }],
        records: to - from + 1,
        checkpoints: sound,
        trust: 'given',
      });
      expect(headsOf(report.newest)[0]?.seq).to.equal(covered);
      expect(lines).to.have.length(1 + report.records + sound);
    });
  }

  it('says whose keys it trusted when it was given none, and refuses keys that are not those given [A2]', async () => {
    const text = textOf(await exported({ from: '12', to: '18' }));
    const stranger = publicKeysOf([newSigner().publicKeyPem]);

    const alone = await verifyText(text);
    const wrong = await verifyText(text, stranger);

    expect(alone).to.deep.include({ ok: true, trust: 'own', keys: [signer.keyId] });
    expect(wrong.ok).to.equal(false);
    expect(wrong.firstBad?.because).to.match(/key that is not trusted/);
  });

  it('is refused with any one byte changed, 400 times, with and without the keys [A2]', async () => {
    const bytes = Buffer.from(textOf(await exported({ from: '12', to: '18' })));
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    let tried = 0;

    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ by, at);
        writeFileSync(path('export.jsonl'), changed);
        const reports = [
          await verifyExport(linesOf(path('export.jsonl')), keys()),
          await verifyExport(linesOf(path('export.jsonl'))),
        ];
        tried += 1;
        for (const { ok } of reports) expect(ok, `byte ${at} of ${bytes.length}, xor ${by}`).to.equal(false);
      }),
      { numRuns: 400, seed: 2026, examples: [[[bytes.length - 1, 7]], [[0, 1]]] },
    );

    expect(tried).to.be.at.least(400);
  });

  it('is refused when lines are missing, doubled or moved, and when it is cut off [A2]', async () => {
    const lines = await exported({ from: '12', to: '18' });
    const verdicts: boolean[] = [];

    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      verdicts.push((await verifyText(textOf(lines.toSpliced(at, 1)), keys())).ok);
      verdicts.push((await verifyText(textOf(lines.toSpliced(at, 0, line)), keys())).ok);
      verdicts.push((await verifyText(textOf(lines.slice(0, at)), keys())).ok);
    }

    expect(verdicts).to.have.length(lines.length * 3);
    expect(verdicts.filter(Boolean)).to.have.length(0);
  });

  it('is not made of bounds that cannot be read or hold nothing [A2]', async () => {
    const ends = await Promise.allSettled([exported({ from: 'yesterday' }), exported({ from: '31' })]);

    const codes = ends.map((end) => end.status === 'rejected' && end.reason instanceof OpsError && end.reason.code);
    expect(codes).to.deep.equal(['input_invalid', 'not_found']);
  });
});
