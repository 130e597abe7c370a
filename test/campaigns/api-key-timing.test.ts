import { expect } from 'chai';
import { playTiming, TOLD_APART, welch } from './api-key-timing.ts';

describe('the time it takes to refuse an API key', () => {
  it('is measured for keys that are nearly right and for random ones, in random order [Q3]', () => {
    const { counted, means, t } = playTiming({ seed: 2026, samples: 20_000 });

    for (const count of counted) expect(count).to.be.within(10_000, 25_000);
    for (const mean of means) expect(mean).to.be.greaterThan(0);
    expect(t).to.satisfy(Number.isFinite);
  }).timeout(20_000);

  it('tells the classes apart when keys are compared letter by letter [Q3]', () => {
    const { t, means } = playTiming({ seed: 2026, samples: 40_000, sabotage: true });

    expect(Math.abs(t)).to.be.greaterThan(TOLD_APART);
    expect(means[0]).to.be.greaterThan(means[1]);
  }).timeout(20_000);

  it('is judged by Welch’s t, as it is worked out by hand [Q3]', () => {
    // 1, 2, 3 and 2, 4, 6: (2 - 4) / sqrt(1/3 + 4/3).
    const t = welch({ count: 3, mean: 2, spread: 2 }, { count: 3, mean: 4, spread: 8 });

    expect(t).to.be.closeTo(-1.549, 0.001);
  });
});
