import { expect } from 'chai';
import fc from 'fast-check';
import { fitting, fittingText, MOST_BYTES } from '../../../adapters/qbusiness/details.ts';
import type { JsonObject } from '../../../lib/json.ts';

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `i-${n}`, note: 'x'.repeat(100) }));

describe('details that fit', () => {
  it('stay as they are when they are small [Q1]', () => {
    const output = { instances: rows(3), more: false };

    expect(fitting(output)).to.equal(output);
    expect(fittingText('three lines\nof a\ncard')).to.equal('three lines\nof a\ncard');
  });

  it('lose the end of their longest list, and say how many and how to ask for less [Q1, C6]', () => {
    const whole = { instances: rows(900), clusters: ['a', 'b'] };

    const { instances, clusters, left_out } = fitting(whole) as Record<string, { id: string }[]> & JsonObject;

    expect(size({ instances, clusters })).to.be.at.most(MOST_BYTES);
    expect(instances?.[0]).to.include({ id: 'i-0' });
    expect(clusters).to.deep.equal(['a', 'b']);
    expect(left_out).to.equal(
      `instances: ${instances?.length} of 900 shown. Ask for less: a shorter time_window, a smaller max_results, or one resource by its name.`,
    );
    expect(whole.instances).to.have.length(900);
  });

  it('keep the newest of points in time [Q1]', () => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    const points = Array.from({ length: 2_000 }, (_, n) => ({ at: at(n), value: n }));

    const { data_points } = fitting({ data_points: points }) as { data_points: typeof points };

    expect(data_points.at(-1)).to.deep.equal(points.at(-1));
    expect(data_points.length).to.be.below(2_000).and.above(300);
  });

  it('never exceed what they may, whatever was there [Q1]', () => {
    const value = fc.jsonValue({ depthSize: 'medium' });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 10 }), value),
        fc.integer({ min: 400, max: 2_000 }),
        (output, most) => {
          const fits = fitting(output as JsonObject, most);

          // The sentence about what is missing comes on top.
          expect(size({ ...fits, left_out: '' })).to.be.at.most(most + 20);
          if (size(output) > most) expect(fits).to.have.property('left_out');
        },
      ),
    );
  });

  it('are cut after a whole line of text, never inside a character, and say so [Q1, C6]', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 300, maxLength: 2_000 }),
        fc.integer({ min: 200, max: 600 }),
        (text, most) => {
          const fits = fittingText(text, most);

          expect(Buffer.byteLength(fits)).to.be.at.most(Math.max(most, 0));
          expect(fits.isWellFormed()).to.equal(true);
          if (Buffer.byteLength(text) > most) expect(fits).to.match(/… the rest is left out\. Ask for less/);
        },
      ),
    );
  });
});
