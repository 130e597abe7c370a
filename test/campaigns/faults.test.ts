import { expect } from 'chai';
import { DEPENDENCIES, type FaultFigures, playFaults, wrongEnds } from './faults.ts';

describe('a change while something it depends on is broken', function () {
  this.timeout(120_000);
  let figures: FaultFigures;

  before(async () => {
    figures = await playFaults();
  });

  it('meets every dependency under every fault [A3, G10, L5, C5]', () => {
    expect(figures.cells).to.have.length(48);
    expect(new Set(figures.cells.map(({ dependency }) => dependency)).size).to.equal(DEPENDENCIES.length);
  });

  it('is made once and told so, or is not and that is told, or is not known and nobody claims to [A3, G10, G11]', () => {
    expect(wrongEnds(figures)).to.deep.equal([]);
  });

  it('is made under the faults that must not stop it: hints, model, chats, the copy of the record [A3, G10]', () => {
    const others = figures.cells.filter(({ dependency }) => !['store', 'store (writes)', 'AWS'].includes(dependency));

    const ends = others.flatMap((cell) => cell.ends.map(({ verdict }) => verdict.is));

    expect([...new Set(ends)]).to.deep.equal(['correct']);
  });

  for (const [sabotage, dependency, faults] of [
    ['an error of AWS is answered as success', 'AWS', ['refused', 'error']],
    ['sent again', 'AWS', ['refused', 'hang', 'garbage', 'error', 'reset']],
    ['audit swallows its errors', 'store (writes)', ['refused', 'hang', 'garbage', 'error']],
    ['what was not delivered counts as delivered', 'Slack', ['refused', 'hang', 'garbage', 'error']],
  ] as const) {
    it(`is seen to go wrong when ${sabotage} [A3, G10]`, async () => {
      const spoiled = await playFaults({ sabotage, dependencies: [dependency] });

      const red = spoiled.cells.filter(({ ends }) => ends.some(({ verdict }) => verdict.is === 'wrong'));
      expect(red.map(({ fault }) => fault)).to.include.members([...faults]);
    });
  }
});
