import type { Block } from '@slack/types';
import { seriesWords } from '../charts/series-words.ts';
import { sparkline } from '../charts/sparkline.ts';
import { drawable } from '../charts/stats.ts';
import type { ChartView, Series } from '../view.ts';
import { fieldBlocks } from './columns.ts';
import { limits } from './limits.ts';
import { type KnownSeries, lineChart } from './line-chart.ts';
import { bareMoment, moment } from './moment.ts';
import type { Page } from './page.ts';
import { type Line, rich, richBlock, section } from './rich.ts';

const maxSeries = 12;
const sparkWidth = 40;
const maxLabel = 60;

/** The facts, the curves, and the numbers of every curve as text for people who read rather than look. */
export function chartBlocks({ fields, series }: ChartView, page: Page): Block[] {
  return [...fieldBlocks(fields, page), ...seriesBlocks(series, page, page.level.charts)];
}

/** Beyond `mostDrawn` pictures a series is given as numbers only. */
export function seriesBlocks(series: readonly Series[], page: Page, mostDrawn: number): Block[] {
  const shown = page.list(series, 'series', Math.min(maxSeries, page.level.rows));
  return [
    ...(page.native ? drawings(shown, page, mostDrawn) : []),
    ...richBlock(section(shown.flatMap((one, index) => seriesLines(one, index, page)))),
  ];
}

function drawings(series: readonly Series[], page: Page, mostDrawn: number): Block[] {
  const groups = grouped(series.map(known).filter(({ points }) => points.length > 0));
  const drawn = groups.slice(0, mostDrawn);
  const left = count(groups) - count(drawn);
  if (left > 0) page.leave(`${left} of ${series.length} series are given as numbers only.`);
  return drawn.map(lineChart);
}

function seriesLines(series: Series, index: number, page: Page): Line[] {
  const label = rich.bold(page.text(series.label, maxLabel));
  const words = rich.text(page.text(seriesWords(series)));
  const first = series.points[0];
  const last = series.points.at(-1);
  const values = series.points.map(({ value }) => value);
  if (page.native || !first || !last) return [[label, rich.text('  '), words, ...gaps(values)]];
  return [
    ...(index > 0 ? [[]] : []),
    [label],
    [rich.code(sparkline(values, sparkWidth))],
    [words],
    [bareMoment(first.at), rich.text(' to '), moment(last.at)],
  ];
}

/** A chart of Slack's draws on over them. */
function gaps(values: readonly (number | null)[]): Line {
  const missing = values.filter((value) => !drawable(value)).length;
  return missing === 0 || missing === values.length
    ? []
    : [rich.text(` · ${missing} of ${values.length} without data`)];
}

function known({ points, ...series }: Series): KnownSeries {
  return {
    ...series,
    points: points.flatMap(({ at, value }) => (drawable(value) ? [{ at, value }] : [])),
  };
}

/** Series that can share one pair of axes and have a value at the same times. */
function grouped(series: readonly KnownSeries[]): KnownSeries[][] {
  const groups: KnownSeries[][] = [];
  for (const one of series) {
    const group = groups.find(
      (members) => members.length < limits.chartSeries && members[0] !== undefined && alike(members[0], one),
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

function alike(one: KnownSeries, other: KnownSeries): boolean {
  return (
    one.unit === other.unit &&
    one.points.length === other.points.length &&
    one.points.every(({ at }, index) => at === other.points[index]?.at)
  );
}

function count(groups: readonly KnownSeries[][]): number {
  return groups.reduce((sum, group) => sum + group.length, 0);
}
