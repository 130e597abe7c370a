import { expect } from 'chai';
import fc from 'fast-check';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import type { View, ViewKind } from '../../../cards/view.ts';
import { hostileTexts, poisoned } from '../hostile.ts';
import { approvalSample, samples } from '../samples.ts';
import { brokenLimits } from './block-limits.ts';
import { readable } from './block-text.ts';

const consoleUrl = 'https://ops.example.com';
const charts = fc.constantFrom<'native' | 'plain'>('native', 'plain');
const announced = /not shown|left out|shortened|numbers only/;

/** The view with each of its lists made many times longer. */
function longer(view: View, times: number): View {
  return JSON.parse(JSON.stringify(view), (key, value: unknown) => {
    const isRow = /^\d+$/.test(key);
    return Array.isArray(value) && !isRow ? Array.from({ length: times }, () => value).flat() : value;
  }) as View;
}

/** The view with a word of its own in every text from outside, padded to a length. */
function wordy(view: View, length: number): View {
  let count = 0;
  const word = () => JSON.stringify(`w${count++}w`.padEnd(length, 'x'));
  return JSON.parse(JSON.stringify(poisoned(view, 'WORD')).replaceAll('"WORD"', word)) as View;
}

/** Where in the view each word stands, list places left out, so that short and long views compare. */
function places(node: unknown, place = ''): [place: string, word: string][] {
  if (typeof node === 'string') return /^w\d+w/.test(node) ? [[place, node.match(/^w\d+w/)?.[0] ?? '']] : [];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => places(value, Array.isArray(node) ? place : `${place}.${key}`));
}

function missingPlaces(view: View, card: { blocks: object[] }): Set<string> {
  const text = readable(card.blocks) + JSON.stringify(card.blocks.filter((one) => 'elements' in one));
  return new Set(places(view).flatMap(([place, word]) => (text.includes(word) ? [] : [place])));
}

describe('the size of a Slack card', () => {
  for (const kind of Object.keys(samples) as ViewKind[]) {
    it(`stays within every limit whatever a ${kind} holds [C6]`, () => {
      const text = fc.oneof(
        fc.constantFrom(...Object.values(hostileTexts)),
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: fc.constantFrom('<', '&', '*', ':', '漢', '😀', '\n', ' ', '>'), maxLength: 3000 }),
      );
      const data = fc.record({
        view: fc.constantFrom(...samples[kind]),
        times: fc.integer({ min: 1, max: 25 }),
        text,
        charts,
      });

      fc.assert(
        fc.property(data, fc.constantFrom(25, 50), ({ view, times, text, charts }, maxBlocks) => {
          const card = renderBlockKit(longer(poisoned(view, text), times), { charts, consoleUrl, maxBlocks });

          expect(brokenLimits(card)).to.deep.equal([]);
          expect(card.blocks).to.have.length.at.most(maxBlocks);
        }),
        { numRuns: 25 },
      );
    });

    it(`stays within every limit when every text of a ${kind} has 100 kB [C6]`, () => {
      for (const view of samples[kind].slice(0, 3)) {
        const card = renderBlockKit(poisoned(view, '<漢'.repeat(50_000)), { charts: 'native', consoleUrl });

        expect(brokenLimits(card)).to.deep.equal([]);
      }
    });

    it(`loses nothing of a ${kind} without a word [C6]`, () => {
      const data = fc.record({
        view: fc.constantFrom(...samples[kind]),
        times: fc.integer({ min: 1, max: 12 }),
        length: fc.integer({ min: 6, max: 2500 }),
        charts,
      });

      fc.assert(
        fc.property(data, ({ view, times, length, charts }) => {
          const small = wordy(longer(view, 2), 1);
          const large = wordy(longer(view, times), length);
          const card = renderBlockKit(large, { charts, consoleUrl });

          const never = missingPlaces(small, renderBlockKit(small, { charts, consoleUrl }));
          const missing = [...missingPlaces(large, card)].filter((place) => !never.has(place));
          const whole = JSON.stringify(card).includes('x'.repeat(Math.max(0, length - 6)));
          if (missing.length > 0 || !whole) expect(readable(card.blocks)).to.match(announced);
        }),
        { numRuns: 25 },
      );
    });
  }

  it('says how many rows are left out, and where to read on [C6]', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`row-${index}`, 'x'.repeat(80)]);

    const { blocks } = renderBlockKit(
      { kind: 'table', title: 'Many', columns: ['A', 'B'], rows, empty: '' },
      { charts: 'native', consoleUrl },
    );

    const shown = readable(blocks).match(/row-/g)?.length ?? 0;
    expect(readable(blocks)).to.include(`${500 - shown} more rows not shown. Narrow the question to see the rest.`);
    expect(JSON.stringify(blocks)).to.include('"type":"link","url":"https://ops.example.com"');
  });

  it('lets nobody approve a proposal that it cannot show whole, and leads to the whole one [G6]', () => {
    const changes = Array.from({ length: 300 }, (_, index) => ({
      field: `rule ${index}`,
      before: 'closed',
      after: 'open',
    }));

    const { blocks } = renderBlockKit(approvalSample({ changes }), { charts: 'native', consoleUrl });

    const text = readable(blocks);
    expect(text).to.match(
      /\d+ more changes not shown\. This card does not show the whole change, so it cannot be approved here\./,
    );
    expect(JSON.stringify(blocks)).to.include('ask:reject').and.not.include('decide:approve');
    expect(JSON.stringify(blocks)).to.include('"url":"https://ops.example.com/#/approvals/chg-5d1f0a9c2b47"');
  });

  it('shows every fact of a proposal, however tight it gets [G6]', () => {
    const view = approvalSample({ riskReasons: Array.from({ length: 200 }, () => 'x'.repeat(300)) });
    const crowded = longer(view, 40);

    const text = readable(renderBlockKit(crowded, { charts: 'native' }).blocks);

    const labels = ['Target', 'Account', 'Region', 'Mode', 'Risk', 'Downtime', 'Affects', 'Recovery', 'Requested by'];
    for (const label of [...labels, 'Reason', 'Expires', 'Who decides', 'Change', 'Plan digest'])
      expect(text).to.include(label);
  });
});
