import fc from 'fast-check';
import type { FirstBad } from '../../../approvals/audit-walk.ts';
import { publicKeysOf } from '../../../approvals/checkpoint-keys.ts';
import { type RecordReport, verifyRecord } from '../../../approvals/record-verify.ts';
import { type Left, leftStore } from './left-store.ts';
import { linesPlace, newSigner, signedChain, signedChains } from './signed-chain.ts';
import { type Place, type Tamper, tampers } from './tampers.ts';
import { tampersOfMany } from './tampers-of-many.ts';

export interface Tally {
  tried: number;
  detected: number;
  /** Of those, the first bad record was named. */
  named: number;
}

/** Tampers with a signed record of one chain or of sixteen, `each` times a class, and counts what verification sees. */
export async function tamperCampaign(
  each: number,
  seed: number,
  of: 'one chain' | 'many chains' = 'one chain',
): Promise<Record<string, Tally>> {
  const [signer, forger] = [newSigner(), newSigner()];
  const whole = await (of === 'one chain' ? signedChain(signer) : signedChains(signer));
  const classes = of === 'one chain' ? tampers : tampersOfMany;
  const keys = publicKeysOf([signer.publicKeyPem]);
  const verify = (left: Left): Promise<RecordReport> =>
    verifyRecord(leftStore(left), {
      copyPath: undefined,
      checkpoints: { place: linesPlace(left.place), keys: async () => keys },
    });
  if (!(await verify(whole)).ok) throw new Error('the chain is not whole to begin with');

  const tallies: Record<string, Tally> = {};
  for (const [what, arbitrary] of Object.entries(classes(whole, forger, signer.keyId))) {
    const tally: Tally = { tried: 0, detected: 0, named: 0 };
    for (const made of fc.sample<Tamper | Promise<Tamper>>(arbitrary, { numRuns: each, seed })) {
      const { left, places } = await made;
      const { firstBad } = await verify(left);
      tally.tried += 1;
      if (firstBad) tally.detected += 1;
      if (firstBad && places.some((place) => isAt(place, firstBad))) tally.named += 1;
    }
    tallies[what] = tally;
  }
  return tallies;
}

const isAt = ({ chain, from, to }: Place, bad: FirstBad): boolean =>
  bad.chain === chain && bad.seq >= from && bad.seq <= to;
