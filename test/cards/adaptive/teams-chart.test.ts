import { expect } from 'chai';
import { cardBytes } from '../../../cards/adaptive/limits.ts';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import type { ChartView, Series } from '../../../cards/view.ts';
import { expectGolden } from '../golden.ts';
import { samples, series, spike } from '../samples.ts';
import { elements, textsOf } from './card-tree.ts';

interface Chart {
  xAxisTitle: string;
  yAxisTitle: string;
  data: { legend: string; values: { x: number; y: number }[] }[];
  fallback: object;
}

const chartOf = (...list: Series[]): ChartView => ({ kind: 'chart', title: 'CPU', fields: [], series: list });

async function charts(view: ChartView): Promise<Chart[]> {
  const card = await renderAdaptive(view, 'chat', 'teams');
  return elements(card.body).filter(({ type }) => type === 'Chart.Line') as unknown as Chart[];
}

/** One value at each of these times. */
const at = (times: readonly string[]): Series => ({
  label: 'CPU',
  unit: 'percent',
  points: times.map((time, n) => ({ at: time, value: n })),
});

describe('a chart in Teams', () => {
  for (const [index, view] of samples.chart.entries()) {
    it(`is a native one in its golden card ${index + 1}, which keeps within the budget [C7]`, async () => {
      const card = await renderAdaptive(view, 'chat', 'teams');

      const text = JSON.stringify(card);
      expectGolden(`adaptive-teams/chart-${index + 1}.json`, `${JSON.stringify(card, null, 2)}\n`);
      expect(text).not.to.include('${').and.not.include('data:image');
      expect(Buffer.byteLength(text)).to.be.at.most(cardBytes);
    });
  }

  it('says its unit and what its times are counted from [C7]', async () => {
    const hour = await charts(chartOf(series([1, 2, 3])));
    const day = await charts(chartOf(at(['2026-11-20T02:00:00Z', '2026-11-20T14:00:00Z', '2026-11-21T02:00:00Z'])));
    const week = await charts(chartOf(at(['2026-11-14T00:00:00Z', '2026-11-21T00:00:00Z'])));

    expect([...hour, ...day, ...week].map(({ xAxisTitle }) => xAxisTitle)).to.deep.equal([
      'minutes since 02:00 UTC',
      'hours since 2026-11-20 02:00 UTC',
      'days since 2026-11-14 00:00 UTC',
    ]);
    expect(day[0]?.data[0]?.values.map(({ x }) => x)).to.deep.equal([0, 12, 24, 36]);
    expect(hour[0]?.yAxisTitle).to.equal('percent');
  });

  it('keeps the spike of a long series, in at most sixty points and its end [C7]', async () => {
    const long = series(Array.from({ length: 1_000 }, (_, n) => (n === 517 ? 97.123456 : 10)));

    const [chart] = await charts(chartOf(long));

    const values = chart?.data[0]?.values ?? [];
    expect(values.length).to.be.at.most(61);
    expect(Math.max(...values.map(({ y }) => y))).to.equal(97.12);
  });

  it('says that its line runs through times without data [C7]', async () => {
    const withGap = await renderAdaptive(chartOf(spike), 'chat', 'teams');
    const whole = await renderAdaptive(chartOf(series([1, 2])), 'chat', 'teams');

    expect(textsOf(withGap.body)).to.include('Lines are drawn through times without data.');
    expect(textsOf(whole.body)).not.to.include('Lines are drawn through times without data.');
  });

  it('is left out without data, and the words say why [C7]', async () => {
    const card = await renderAdaptive(chartOf(series([null, null])), 'chat', 'teams');

    expect(elements(card.body).filter(({ type }) => type === 'Chart.Line')).to.deep.equal([]);
    expect(textsOf(card.body)).to.include('no data in this time range');
  });

  it('is a line of blocks on a client that has no charts [C7]', async () => {
    const [chart] = await charts(chartOf(series([0, 50, 100])));

    expect(textsOf(chart?.fallback)).to.deep.equal(['▁▅█']);
  });
});
