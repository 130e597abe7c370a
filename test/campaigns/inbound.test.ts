import { expect } from 'chai';
import { countForged, type InboundFigures, type InboundSabotage, playInbound, wrongOf } from './inbound.ts';

describe('forged and changed requests', function () {
  this.timeout(120_000);
  let figures: InboundFigures;

  before(async () => {
    figures = await playInbound({ seed: 2026, deliveries: 1_500 });
  });

  it('knock at every door, and good ones with them [C1, C2, C3, G5, Q3]', () => {
    expect(figures.doors).to.have.property('size', 8);
    for (const [door, { good }] of figures.doors) expect(good, door).to.be.at.least(1);
    expect(countForged(figures)).to.be.at.least(2_500);
  });

  it('get in nowhere, and whatever is as it should be does [C1, C2, C3, G5, Q3]', () => {
    expect(wrongOf(figures)).to.deep.equal([]);
  });

  it('get in when the body is written anew before its signature is checked [C1]', async () => {
    const sabotage = 'the body is written anew before it is checked';

    const spoiled = await playInbound({ seed: 2026, deliveries: 1_500, sabotage });

    expect(wrongOf(spoiled).filter((line) => line.includes(', taken ('))).to.have.length.above(5);
  });

  const spoilt: [InboundSabotage, RegExp, number][] = [
    ['tokens are read and not verified', /bearer tokens: .*accepted$/, 30],
    ['hashes of keys are compared in four of their bits', /API keys: .*accepted$/, 10],
  ];
  for (const [sabotage, says, least] of spoilt) {
    it(`get in when ${sabotage} [Q3]`, async () => {
      const { doors, ...rest } = await playInbound({ seed: 2026, deliveries: 2_500, sabotage });

      expect(wrongOf({ doors, ...rest }).filter((line) => says.test(line))).to.have.length.of.at.least(least);
    });
  }
});
