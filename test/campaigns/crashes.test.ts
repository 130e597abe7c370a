import { expect } from 'chai';
import { POINTS } from './crashes/points.ts';
import { brokenCrashes, type CrashFigures, playCrashes } from './crashes.ts';
import { SPOILED } from './crashes-figures.ts';

describe('a process that is killed somewhere in the life of a change', function () {
  this.timeout(120_000);
  let figures: CrashFigures;

  before(async () => {
    figures = await playCrashes({ seed: 2026, each: 1, random: 3 });
  });

  it('dies at each of the 12 points, and at random moments [G10]', () => {
    expect([...figures.kills.keys()]).to.have.members([...Object.keys(POINTS), 'random']);
    expect(figures.missed).to.deep.equal([]);
    expect(figures.changes).to.be.at.least(5);
  });

  it('leaves no double call, no lost record, and no change without an end that somebody was told [G10, A2, O5]', () => {
    expect(brokenCrashes(figures)).to.deep.equal([]);
  });

  for (const { sabotage, points } of SPOILED)
    it(`leaves faults behind with ${sabotage} [G10, A2]`, async () => {
      const spoiled = await playCrashes({ seed: 2026, each: 1, random: 0, points, sabotage });

      expect(spoiled.missed).to.deep.equal([]);
      expect([...spoiled.doubleCalls, ...spoiled.falselyDone]).to.not.deep.equal([]);
    });
});
