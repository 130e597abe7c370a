import { expect } from 'chai';
import { ACTIONS } from './walk/actions.ts';
import { STATES } from './walk/transitions.ts';
import { playWalk, unseen, type WalkFigures } from './walk.ts';

describe('changes, walked at random through people, time, AWS and accidents', () => {
  let figures: WalkFigures;

  before(async function () {
    this.timeout(60_000);

    figures = await playWalk({ seed: 2026, steps: 4_000 });
  });

  it('take every kind of step and every move that the machine has, but for a person who closes what is unknown [G8]', () => {
    const reached = STATES.filter((state) =>
      [...figures.transitions.keys()].some((one) => one.includes(`→ ${state}:`)),
    );

    expect([...figures.actions.keys()]).to.have.members(Object.keys(ACTIONS));
    expect(unseen(figures)).to.deep.equal([]);
    expect(reached).to.deep.equal([...STATES]);
    expect(figures.calls).to.be.at.least(50);
  });

  it('never break a rule: quorum, people, digest, time, limits, one call, one end, one chain [G3, G4, G5, G8, G9, G10, A2]', () => {
    expect(figures.violations).to.deep.equal([]);
  });

  it('go the same way again for the same seed', async () => {
    const { seconds: _once, ...first } = await playWalk({ seed: 7, steps: 300 });

    const { seconds: _again, ...second } = await playWalk({ seed: 7, steps: 300 });

    expect(second).to.deep.equal(first);
  });
});
