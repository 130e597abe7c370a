import { expect } from 'chai';
import fc from 'fast-check';
import { quantity } from '../../../cards/charts/quantity.ts';
import { scaleOf } from '../../../cards/charts/scale.ts';
import { sparkline } from '../../../cards/charts/sparkline.ts';

describe('sparkline', () => {
  it('rises from the lowest to the highest bar, with dots where there was no data [C7]', () => {
    const line = sparkline([0, 1, 2, 3, null, 5, 6, 7], 20);

    expect(line).to.equal('▁▂▃▄·▆▇█');
  });

  it('puts many values into the width, and never more', () => {
    const value = fc.option(fc.double());

    fc.assert(
      fc.property(fc.array(value), fc.integer({ min: 1, max: 80 }), (values, width) => {
        const line = sparkline(values, width);

        return [...line].length === Math.min(values.length, width) && /^[▁▂▃▄▅▆▇█·]*$/.test(line);
      }),
    );
  });

  it('stays flat when all values are equal', () => {
    expect(sparkline([4, 4, 4], 10)).to.equal('▁▁▁');
  });
});

describe('quantity', () => {
  it('writes numbers with their unit, short', () => {
    const cases: [number, string, string][] = [
      [42.34, 'percent', '42.3 %'],
      [0, 'bytes/s', '0 B/s'],
      [1_234_567, 'bytes/s', '1.23 MB/s'],
      [512, 'bytes', '512 B'],
      [12_000, 'count', '12 k'],
      [1234, 'count', '1234'],
      [0.25, 'seconds', '0.25 seconds'],
      [-3, 'celsius', '-3 celsius'],
    ];

    for (const [value, unit, text] of cases) expect(quantity(value, unit)).to.equal(text);
  });
});

describe('scaleOf', () => {
  it('finds three to five round ticks around the values', () => {
    expect(scaleOf(3, 92).ticks).to.deep.equal([0, 50, 100]);
    expect(scaleOf(-5, 12).ticks).to.deep.equal([-10, 0, 10, 20]);
    expect(scaleOf(7, 7)).to.deep.equal({ low: 0, high: 7.5, ticks: [0, 2.5, 5, 7.5] });
    expect(scaleOf(0, 0).high).to.equal(1);
  });
});
