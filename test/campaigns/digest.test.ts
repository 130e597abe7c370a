import { expect } from 'chai';
import { Plan } from '../../approvals/plan.ts';
import { MUTATIONS } from './digest/mutations.ts';
import { brokenDigests, type DigestFigures, playDigest } from './digest.ts';

describe('a plan that is not the one people saw', () => {
  let figures: DigestFigures;

  before(async function () {
    this.timeout(60_000);

    figures = await playDigest({ seed: 2026, cases: 2_000, forged: 200 });
  });

  it('is tried in every field and in every way, so that the other figures say something [G5]', () => {
    expect([...figures.fields]).to.include.members(Object.keys(Plan.shape));
    expect([...figures.kinds]).to.have.members([...MUTATIONS]);
    expect(figures.wellFormed).to.be.at.least(80);
  });

  it('never has the digest that was approved [G5]', () => {
    expect(figures.accepted).to.deep.equal([]);
  });

  it('is never executed, whenever its row is forged [G5, G9]', () => {
    expect(figures.executed).to.deep.equal([]);
  });

  it('is not what the same plan becomes by another order of keys or a way through text [G5]', () => {
    expect(figures.rejected).to.deep.equal([]);
    expect(figures.refused).to.deep.equal([]);
  });

  it('is found for each field that the digest leaves out [G5]', async () => {
    for (const field of Object.keys(Plan.shape) as (keyof Plan)[]) {
      const spoiled = await playDigest({ seed: 2026, cases: 400, forged: 0, sabotage: { without: field } });

      expect(spoiled.accepted, field).to.not.deep.equal([]);
    }
  }).timeout(60_000);

  it('is executed at once when the gate does not compare digests [G5, G9]', async () => {
    const spoiled = await playDigest({ seed: 2026, cases: 0, forged: 20, sabotage: 'digest not compared' });

    expect(spoiled.executed).to.not.deep.equal([]);
    expect(brokenDigests(spoiled)).to.not.deep.equal([]);
  });
});
