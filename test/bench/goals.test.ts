import { expect } from 'chai';
import { goals, judge, limits } from '../../bench/goals.ts';

describe('the goals of the bench', () => {
  it('judge by the side a goal is on, and call nothing measured missed', () => {
    const verdicts = [
      judge('P7', 4.9),
      judge('P7', 5),
      judge('P7', 15),
      judge('P8', 20.1),
      judge('P8', 20),
      judge('P8', 2),
    ];
    const unmeasured = judge('P7', Number.NaN);

    expect(verdicts).to.deep.equal(['missed', 'reached', 'great', 'missed', 'reached', 'great']);
    expect(unmeasured).to.equal('missed');
  });

  it('never want less for great than for must', () => {
    const crooked = Object.entries(goals).filter(([, { direction, must, great }]) =>
      direction === 'at-least' ? great < must : great > must,
    );

    expect(crooked).to.deep.equal([]);
    expect(limits('P13b')).to.deep.equal({ must: '–', great: '≤ 1.7x' });
  });
});
