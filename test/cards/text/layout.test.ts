import { expect } from 'chai';
import fc from 'fast-check';
import { lengthOf, wrap } from '../../../cards/text/layout.ts';

/** Words as people write them, a picture among them now and then, and some that no line holds. */
const word = fc.array(fc.constantFrom('a', 'é', '-', '/', '€', '🚨', '👍'), { minLength: 1, maxLength: 30 });
const text = fc
  .array(
    word.map((letters) => letters.join('')),
    { maxLength: 8 },
  )
  .map((words) => words.join(' '));

describe('text in a terminal', () => {
  it('is as long as it has characters, a picture being one [C4]', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (shown) => {
        expect(lengthOf(shown)).to.equal([...shown].length);
      }),
    );
  });

  it('is broken into lines that fit, and nothing of it is lost [C4]', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (shown, width) => {
        const lines = wrap(shown, width);

        expect(lines.every((line) => [...line].length <= width)).to.equal(true);
        expect(lines.join('').replaceAll(' ', '')).to.equal(shown.replaceAll(' ', ''));
      }),
    );
  });
});
