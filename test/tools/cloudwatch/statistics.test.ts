import { expect } from 'chai';
import fc from 'fast-check';
import { rounded, trendOf, withUnit } from '../../../tools/cloudwatch/statistics.ts';

const series = (values: number[]) => values.map((value, i) => ({ at: new Date(i * 60_000).toISOString(), value }));

describe('metric statistics', () => {
  const trends: [string, number[], string][] = [
    ['a flat line', [50, 50, 50, 50], 'stable'],
    ['noise around a mean', [50, 52, 49, 51, 50, 49, 51], 'stable'],
    ['a steady rise', [10, 20, 30, 40, 50], 'rising'],
    ['a steady fall', [50, 40, 30, 20, 10], 'falling'],
    ['one peak in the middle', [10, 10, 90, 10, 10], 'stable'],
    ['zeros', [0, 0, 0, 0], 'stable'],
    ['two points', [1, 100], 'stable'],
    ['nothing', [], 'stable'],
    ['a rise below zero', [-50, -40, -30], 'rising'],
  ];
  for (const [name, values, trend] of trends) {
    it(`calls ${name} ${trend} [T2]`, () => {
      expect(trendOf(series(values))).to.equal(trend);
    });
  }

  it('turns a rise into a fall when time is turned round, and does not depend on the scale [T2]', () => {
    const opposite = { rising: 'falling', falling: 'rising', stable: 'stable' };
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 50 });

    fc.assert(
      fc.property(values, (some) => {
        const trend = trendOf(series(some));
        expect(trendOf(series(some.toReversed()))).to.equal(opposite[trend]);
        expect(trendOf(series(some.map((value) => value * 1024)))).to.equal(trend);
      }),
    );
  });

  it('shows numbers with their unit, as few digits as help [T2]', () => {
    expect(rounded(41.23456)).to.equal(41.23);
    expect(withUnit(41.23456, 'percent')).to.equal('41.23 %');
    expect(withUnit(1_340_000, 'bytes/s')).to.equal('1.34 MB/s');
    expect(withUnit(12, 'bytes')).to.equal('12 B');
    expect(withUnit(0, 'bytes')).to.equal('0 B');
    expect(withUnit(0.1812, 'seconds')).to.equal('0.1812 seconds');
    expect(withUnit(12_345.6, 'count')).to.equal('12346 count');
  });
});
