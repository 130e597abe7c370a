import { expect } from 'chai';
import fc from 'fast-check';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import type { View, ViewKind } from '../../../cards/view.ts';
import { poisoned } from '../hostile.ts';
import { approvalSample, samples, spike } from '../samples.ts';
import { textsOf } from './card-tree.ts';

/** What every path of Teams takes. */
const cardBytes = 24 * 1024;

/** The view with each of its lists made many times longer; the items are shared, so that lists within lists cost little. */
function longer(view: View, times: number): View {
  return JSON.parse(JSON.stringify(view), (key, value: unknown) => {
    const isRow = key === 'actions' || /^\d+$/.test(key);
    return Array.isArray(value) && !isRow ? Array.from({ length: times }, () => value).flat() : value;
  }) as View;
}

function bytes(card: object): number {
  return Buffer.byteLength(JSON.stringify(card), 'utf8');
}

describe('the size of an Adaptive Card', () => {
  for (const kind of Object.keys(samples) as ViewKind[]) {
    it(`stays within the budget whatever a ${kind} holds [C6]`, async () => {
      const data = fc.record({
        view: fc.constantFrom(...samples[kind]),
        times: fc.integer({ min: 1, max: 60 }),
        text: fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 400 }),
          fc.string({ unit: fc.constantFrom('"', '\\', '\u0001', 'é', '漢', '😀', '\n', ' '), maxLength: 3000 }),
        ),
      });

      await fc.assert(
        fc.asyncProperty(data, async ({ view, times, text }) => {
          const card = await renderAdaptive(longer(poisoned(view, text), times));

          expect(bytes(card)).to.be.at.most(cardBytes);
        }),
        { numRuns: 15 },
      );
    });

    it(`stays within the budget when every text of a ${kind} has 100 kB [C6]`, async () => {
      for (const view of samples[kind].slice(0, 3)) {
        const card = await renderAdaptive(poisoned(view, '漢"'.repeat(50_000)));

        expect(bytes(card)).to.be.at.most(cardBytes);
      }
    });
  }

  it('shows all fifty events of a full search [C6]', async () => {
    const at = { at: '2026-11-21T02:00:00Z' };
    const row = [
      at,
      'arn:aws:sts::123456789012:assumed-role/ops/alice',
      'RebootInstances',
      '203.0.113.7',
      'i-0abc123def4567890',
    ];
    const rows = Array.from({ length: 50 }, () => row);
    const columns = ['When', 'Who', 'What', 'From', 'Resource'];

    const card = await renderAdaptive({ kind: 'table', title: 'CloudTrail events', columns, rows, empty: '' });

    expect(textsOf(card).filter((text) => text.includes('203.0.113.7'))).to.have.length(50);
    expect(textsOf(card).join()).not.to.include('not shown');
  });

  it('says how many rows are left out, and loses none without a word [C6]', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`row-${index}`, 'x'.repeat(80)]);

    const card = await renderAdaptive({ kind: 'table', title: 'Many', columns: ['A', 'B'], rows, empty: '' });

    const texts = textsOf(card);
    const shown = texts.filter((text) => text.startsWith('row-')).length;
    expect(texts).to.include(`${500 - shown} more rows not shown.`);
  });

  it('leaves out a button whose command does not fit, and never shortens one [C6]', async () => {
    const say = (text: string) => ({ kind: 'say', label: 'Do it', text }) as const;
    const actions = [say('x'.repeat(1000)), say(`ec2 reboot i-1 because ${'x'.repeat(1000)}`)];

    const card = await renderAdaptive({ kind: 'message', title: 'Menu', body: 'b', actions });

    expect(card.actions.map(({ data }) => data)).to.deep.equal([{ kind: 'say', text: 'x'.repeat(1000) }]);
    expect(textsOf(card)).to.include('A button is left out: what it would say is too long.');
  });

  it('lets nobody approve a proposal that it cannot show whole [G6]', async () => {
    const changes = Array.from({ length: 300 }, (_, index) => ({
      field: `rule ${index}`,
      before: 'closed',
      after: 'open',
    }));

    const card = await renderAdaptive(approvalSample({ changes }));

    const texts = textsOf(card).join('\n');
    expect(texts).to.match(/\d+ more changes not shown\./);
    expect(texts).to.include('does not show the whole change, so it cannot be approved here');
    expect(card.actions.map(({ title }) => title)).to.deep.equal(['Reject …', 'Cancel my request']);
  });

  it('gives the charts that do not fit as numbers [C7]', async () => {
    const series = Array.from({ length: 9 }, (_, index) => ({ ...spike, label: `CPU of host ${index}` }));

    const card = await renderAdaptive({ kind: 'chart', title: 'Hosts', fields: [], series });

    const texts = textsOf(card);
    expect(texts.filter((text) => text.startsWith('min 11 %'))).to.have.length(9);
    expect(texts.join('\n')).to.match(/\d of 9 charts are given as numbers only\./);
  });
});
