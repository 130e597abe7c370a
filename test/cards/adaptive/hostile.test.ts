import { expect } from 'chai';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import { cleanText } from '../../../lib/clean-text.ts';
import { namedSamples } from '../golden.ts';
import { hostileTexts, poisoned } from '../hostile.ts';
import { elements, textsOf, typesOf } from './card-tree.ts';

const invisible = /[\p{Cc}\p{Bidi_Control}\u200b-\u200d\u2060\ufeff]|[\u{E0000}-\u{E007F}]/u;
const ourMacros = /\{\{(?:DATE\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,SHORT|TIME\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\)\}\}/g;

/** As long and as breakable as the poison when it is cleaned, but without meaning. */
function harmless(poison: string): string {
  return cleanText(poison, 10_000)
    .replace(/[^\s-]/g, 'x')
    .replace(/^\s*$/, 'x');
}

describe('hostile data in an Adaptive Card', () => {
  for (const [name, poison] of Object.entries(hostileTexts)) {
    it(`leaves the structure of every card as it is: ${name}`, async () => {
      for (const { name: sample, view } of namedSamples()) {
        const card = await renderAdaptive(poisoned(view, poison));

        const plain = await renderAdaptive(poisoned(view, harmless(poison)));
        expect(typesOf(card), sample).to.deep.equal(typesOf(plain));
      }
    });

    it(`shows no hidden character and runs no macro: ${name}`, async () => {
      for (const { name: sample, view } of namedSamples()) {
        const card = await renderAdaptive(poisoned(view, poison));

        const texts = textsOf(card).map((text) => text.replace(ourMacros, ''));
        for (const text of texts) {
          expect(text, sample).not.to.match(invisible);
          expect(text, sample).not.to.match(/\{\{(?:DATE|TIME)\(/i);
        }
      }
    });
  }

  it('keeps data out of every place where hosts read Markdown, but for escaped titles', async () => {
    const poison = '[x](https://evil.example) **b** <at>all</at>';

    for (const { name: sample, view } of namedSamples()) {
      const card = await renderAdaptive(poisoned(view, poison));

      const markdown = elements(card.body).filter(({ type }) => type === 'TextBlock');
      for (const { text } of markdown) {
        expect(String(text).replace(/\\./g, ''), sample).not.to.match(/[[\]*<>`]/);
      }
    }
  });

  it('evaluates no expression that comes with the data', async () => {
    const poison = '$' + '{1 + 1}';

    const card = await renderAdaptive({ kind: 'message', title: poison, body: poison });

    expect(textsOf(card)).to.deep.equal([poison, poison]);
  });
});
