import fc from 'fast-check';
import { publicKeysOf } from '../../../approvals/checkpoint-keys.ts';
import { type RecordReport, verifyRecord } from '../../../approvals/record-verify.ts';
import { type Left, leftStore } from './left-store.ts';
import { linesPlace, newSigner, signedChain } from './signed-chain.ts';
import { type Tamper, tampers } from './tampers.ts';

export interface Tally {
  tried: number;
  detected: number;
  /** Of those, the first bad record was named. */
  named: number;
}

/** Tampers with one signed chain, `each` times a class, and counts what verification sees. */
export async function tamperCampaign(each: number, seed: number): Promise<Record<string, Tally>> {
  const [signer, forger] = [newSigner(), newSigner()];
  const whole = await signedChain(signer);
  const keys = publicKeysOf([signer.publicKeyPem]);
  const verify = (left: Left): Promise<RecordReport> =>
    verifyRecord(leftStore(left), {
      copyPath: undefined,
      checkpoints: { place: linesPlace(left.place), keys: async () => keys },
    });
  if (!(await verify(whole)).ok) throw new Error('the chain is not whole to begin with');

  const tallies: Record<string, Tally> = {};
  for (const [what, arbitrary] of Object.entries(tampers(whole, forger, signer.keyId))) {
    const tally: Tally = { tried: 0, detected: 0, named: 0 };
    for (const made of fc.sample<Tamper | Promise<Tamper>>(arbitrary, { numRuns: each, seed })) {
      const { left, from, to } = await made;
      const { firstBad } = await verify(left);
      tally.tried += 1;
      if (firstBad) tally.detected += 1;
      if (firstBad && firstBad.seq >= from && firstBad.seq <= to) tally.named += 1;
    }
    tallies[what] = tally;
  }
  return tallies;
}
