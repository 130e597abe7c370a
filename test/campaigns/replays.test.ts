import { expect } from 'chai';
import { SHAPES } from './replays/requests.ts';
import { countReplays, playReplays, type ReplayFigures } from './replays.ts';

describe('a request that is delivered again', function () {
  this.timeout(60_000);
  let figures: ReplayFigures;

  before(async () => {
    figures = await playReplays({ seed: 2026, replays: 1_500 });
  });

  it('comes in every shape, between restarts and while the first is under way [G8]', () => {
    const names = [...figures.replays.keys()];

    expect(names).to.have.members([
      'propose',
      ...['approve', 'cancel', 'reject'].flatMap((verdict) => SHAPES.map((shape) => `${verdict} by ${shape}`)),
    ]);
    expect(countReplays(figures)).to.be.at.least(300);
    expect(figures.restarts).to.be.at.least(50);
    expect(figures.overtaking).to.be.at.least(20);
    expect(figures.wanted).to.be.at.least(20);
  });

  it('has no effect: no vote, no move, no post and no call [G5, G8, G10]', () => {
    expect(figures.extra).to.deep.equal([]);
    expect(figures.made).to.equal(figures.wanted);
  });

  it('has an effect at once when what was decided reads as if nobody had [G8]', async () => {
    const spoiled = await playReplays({ seed: 2026, replays: 30, sabotage: 'state check off' });

    expect(spoiled.extra.join()).to.include('again: AWS was called').and.include('again: update approval');
  });

  it('is delivered in the same stories for the same seed', async () => {
    const { seconds: _once, ...first } = await playReplays({ seed: 7, replays: 60 });

    const { seconds: _again, ...second } = await playReplays({ seed: 7, replays: 60 });

    expect(second).to.deep.equal(first);
  });
});
