import { expect } from 'chai';
import fc from 'fast-check';
import { cleanText } from '../../lib/clean-text.ts';

describe('cleanText', () => {
  it('takes out what a reader cannot see: controls, bidi, zero-width, tags, variation selectors', () => {
    const hidden = [
      '\u0000',
      '\u0007',
      '\u0085\u009f',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u200f',
      '\ufeff',
      '\u00ad',
      '\u3164',
      '\ufffa',
      '\u{e0041}\u{e007f}',
      '\u{e0100}',
    ];

    const clean = hidden.map((unseen) => cleanText(`ap${unseen}prove`, 100).replace(' ', ''));

    expect(new Set(clean)).to.deep.equal(new Set(['approve']));
  });

  it('takes out terminal sequences whole', () => {
    const text =
      '\u001b[31mred\u001b[0m \u009b1mbold \u001b]0;title\u0007link \u001b]8;;http://x\u001b\\text\u001b(B end\u001b';

    const clean = cleanText(text, 100);

    expect(clean).to.equal('red bold link text end');
  });

  it('turns line breaks and tabs into spaces, or keeps them on request', () => {
    const text = 'one\r\ntwo\tthree\u2028four';

    const both = [cleanText(text, 100), cleanText(text, 100, { keepLines: true })];

    expect(both).to.deep.equal(['one two three four', 'one\ntwo\tthree\nfour']);
  });

  it('leaves letters, accents and emoji of any language', () => {
    const text = 'naïve Übergröße 東京 مرحبا हिन्दी 🚀 €';

    const clean = cleanText(text, 100);

    expect(clean).to.equal(text);
  });

  it('cuts with an ellipsis, never through a character', () => {
    const cuts = [
      cleanText('abcdef', 6),
      cleanText('abcdef', 5),
      cleanText('abc🚀def', 5),
      cleanText('abcdef', 1),
      cleanText('abcdef', 0),
    ];

    expect(cuts).to.deep.equal(['abcdef', 'abcd…', 'abc…', '…', '']);
  });

  it('never throws, never exceeds the length, and has nothing left to clean', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), fc.boolean(), (text, maxLength, keepLines) => {
        const clean = cleanText(text, maxLength, { keepLines });

        expect(clean.length).to.be.at.most(maxLength);
        expect(clean.isWellFormed()).to.equal(true);
        expect(cleanText(clean, maxLength, { keepLines })).to.equal(clean);
      }),
    );
  });

  it('needs under 50 ms for 50,000 hostile characters', () => {
    const bits = ['\u001b[', '\u001b]', '\u001b[0;', '\u001b(', '\u009d', '\u200b', '\r', '\ud800'];

    const slowest = Math.max(...bits.map((bit) => bestOfThree(bit.repeat(50_000 / bit.length))));

    expect(slowest).to.be.below(50);
  });

  it('leaves no half of a secret where it cuts [A5]', () => {
    const key = `AKIA${'ABCDEFGHIJKLMNOP'}`;

    const cuts = [20, 30, 34, 40].map((most) => cleanText(`the key that was used is ${key}, and more text`, most));

    for (const cut of cuts) expect(cut).not.to.include('AKIA');
  });
});

function bestOfThree(text: string): number {
  const runs = [0, 1, 2].map(() => {
    const start = performance.now();
    cleanText(text, 1000);
    return performance.now() - start;
  });
  return Math.min(...runs);
}
