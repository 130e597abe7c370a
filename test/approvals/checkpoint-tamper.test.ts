import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { tamperCampaign } from './tamper/campaign.ts';

const Tallies = z.record(z.string(), z.object({ tried: z.number(), detected: z.number(), named: z.number() }));
const PROGRAM = fileURLToPath(new URL('tamper/program.ts', import.meta.url));
const HASH_WITHOUT_PREVIOUS = fileURLToPath(new URL('tamper/hash-without-previous.ts', import.meta.url));
const ANY_SIGNATURE = fileURLToPath(new URL('tamper/any-signature.ts', import.meta.url));

const ANY_CHAIN = fileURLToPath(new URL('tamper/any-chain.ts', import.meta.url));

const FORGED = 'rewrite what the newest checkpoint covers, here and there';

/** The campaign in a process whose product code is spoiled. */
async function spoiledCampaign(sabotage: string, of: 'one chain' | 'many chains' = 'one chain') {
  const args = ['--import', sabotage, PROGRAM, '20', '2026', of];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return Tallies.parse(JSON.parse(stdout));
}

describe('a signed audit chain under attack', function () {
  this.timeout(120_000);

  it('sees every one of 750 tampers in 15 classes and names the first bad record [A2]', async () => {
    const tallies = await tamperCampaign(50, 2026);

    expect(Object.keys(tallies)).to.have.length(15);
    for (const [what, tally] of Object.entries(tallies))
      expect(tally, what).to.deep.equal({ tried: 50, detected: 50, named: 50 });
  });

  it('misses tampers as soon as a hash leaves out the hash before it, so the campaign has teeth [A2]', async () => {
    const tallies = await spoiledCampaign(HASH_WITHOUT_PREVIOUS);

    expect(tallies['edit and relink']).to.deep.include({ tried: 20, detected: 0 });
    expect(tallies.edit).to.deep.include({ tried: 20, detected: 20 });
  });

  it('misses forged checkpoints as soon as no signature is checked, so the campaign has teeth [A2]', async () => {
    const tallies = await spoiledCampaign(ANY_SIGNATURE);

    expect(tallies[FORGED]).to.deep.include({ tried: 20, detected: 0 });
    expect(tallies['edit and relink']).to.deep.include({ tried: 20, detected: 20 });
  });

  it('sees every one of 800 tampers with sixteen chains in 16 classes and names the first bad record with its chain [A2]', async () => {
    const tallies = await tamperCampaign(50, 2026, 'many chains');

    expect(Object.keys(tallies)).to.have.length(16);
    for (const [what, tally] of Object.entries(tallies))
      expect(tally, what).to.deep.equal({ tried: 50, detected: 50, named: 50 });
  });

  it('misses records that were moved as soon as no request chooses their chain, so the campaign has teeth [A2]', async () => {
    const tallies = await spoiledCampaign(ANY_CHAIN, 'many chains');

    expect(tallies['move the newest record of a chain to the end of another']).to.deep.include({
      tried: 20,
      detected: 0,
    });
    expect(tallies['exchange two chains']).to.deep.include({ tried: 20, detected: 20 });
  });
});
