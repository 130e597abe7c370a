import { expect } from 'chai';
import { brokenTally } from './races/outcome.ts';
import { playSharedRounds } from './races/shared-rounds.ts';
import { brokenRaces, playRaces } from './races.ts';

const crowd = { seed: 2026, approvers: 32, processes: 4 };

describe('a change that 32 people decide at once in four processes', function () {
  this.timeout(120_000);

  it('executes exactly once where it was approved, and never where it was rejected [G8, G10, A2]', async () => {
    const figures = await playRaces({ ...crowd, rounds: 12 });

    expect(brokenRaces(figures)).to.deep.equal([]);
    expect(figures.mixed).to.equal(5);
    // Where nobody rejects it is approved; where some do, whoever comes first decides.
    expect(figures.executed)
      .to.equal(figures.approved)
      .and.be.within(12 - 5, 12);
  });

  it('executes more than once on a store without conditions [G8, G10]', async () => {
    const spoiled = await playRaces({ ...crowd, rounds: 3, sabotage: 'a store without conditions' });

    expect(spoiled.duplicates).to.not.deep.equal([]);
  });
});

describe('approved changes that four processes take up in rounds they share on Redis', function () {
  this.timeout(120_000);

  it('execute exactly once each, though processes and Redis are killed in the middle [G10, O5, A2]', async function () {
    const figures = await playSharedRounds(this, { seed: 2026, changes: 32 });

    expect(brokenTally(figures)).to.deep.equal([]);
    expect(figures.executed + figures.unknown)
      .to.be.at.least(figures.approved)
      .and.equal(32);
    expect([...figures.faults.values()]).to.deep.equal([1, 1]);
    expect(figures.chain).to.equal(undefined);
  });
});
