import { expect } from 'chai';
import { playSsrf, type SsrfFigures } from './ssrf.ts';

describe('addresses that come from outside', () => {
  let figures: SsrfFigures;

  before(async function () {
    this.timeout(60_000);

    figures = await playSsrf({ every: 1 });
  });

  it('are brought to every door, at least 300 of them, and names that turn', () => {
    expect(figures.addresses).to.be.at.least(300);
    expect(figures.tried.get('rebound after the look')).to.be.at.least(50);
    expect(figures.tried).to.have.property('size', 7);
  });

  it('are never dialled: not this machine, its neighbours or metadata, in any notation [T8, C1, C2]', () => {
    expect(figures.forbidden).to.deep.equal([]);
  });

  for (const [sabotage, doors] of [
    ['prefix match', ['queued for a webhook', 'service address of Teams']],
    ['addresses are not checked', ['configured as a webhook']],
    ['looked up twice', ['rebound after the look']],
  ] as const) {
    it(`are dialled when ${sabotage} [T8, C2]`, async function () {
      this.timeout(60_000);

      const { forbidden } = await playSsrf({ every: 1, sabotage });

      const found = new Set(forbidden.map((line) => line.split(':')[0]));
      expect([...found]).to.have.members(doors);
    });
  }
});
