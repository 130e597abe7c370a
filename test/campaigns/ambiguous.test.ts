import { expect } from 'chai';
import { DOUBTFUL, REFUSED } from '../e2e/workers/treatments.ts';
import { type AmbiguousFigures, playAmbiguous } from './ambiguous.ts';

describe('a reboot whose call ends in doubt', function () {
  this.timeout(60_000);
  let figures: AmbiguousFigures;

  before(async () => {
    figures = await playAmbiguous({ seed: 2026, calls: 36 });
  });

  it('ends in every way there is [G10, T11]', () => {
    const ways = [...Object.values(DOUBTFUL), ...Object.values(REFUSED)].map(({ what }) => what);

    expect([...figures.endings.keys()]).to.have.members(ways);
    expect(figures.doubtful).to.be.at.least(36);
  });

  it('is never sent again, whatever time passes and whoever starts anew [G10]', () => {
    expect(figures.resent).to.deep.equal([]);
    expect(figures.requests).to.equal(figures.doubtful);
  });

  it('is found in CloudTrail where it was made, and is told to be unknown where nothing shows [G10]', () => {
    expect(figures.mistold).to.deep.equal([]);
  });

  it('is sent again at once by a client with the default attempts of the SDK [G10]', async () => {
    const spoiled = await playAmbiguous({ seed: 2026, calls: 12, sabotage: "the SDK's default attempts" });

    expect(spoiled.resent.join())
      .to.match(/status 500/)
      .and.match(/throttled/);
  });
});
