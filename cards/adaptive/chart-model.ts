import { lineChartSvg } from '../charts/line-chart.ts';
import { seriesWords } from '../charts/series-words.ts';
import type { ChartView, Series } from '../view.ts';
import { type FieldModel, fieldModels } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { type LineModel, lineModels } from './line-model.ts';

export interface ChartModel {
  fields: FieldModel[];
  series: SeriesModel[];
}

export interface SeriesModel {
  label: string;
  words: string;
  image: string;
  alt: string;
  lines: LineModel[];
}

const size = { width: 480, height: 200 };
const maxSeries = 12;

export function chartModel(view: ChartView, clip: Clip): ChartModel {
  return { fields: fieldModels(view.fields, clip), series: seriesModels(view.series, clip, clip.level.charts) };
}

/** Beyond `mostDrawn` a series is given as numbers only. */
export function seriesModels(all: readonly Series[], clip: Clip, mostDrawn: number): SeriesModel[] {
  const series = clip.list(all, 'series', Math.min(maxSeries, clip.level.rows));
  const withoutImage = series.length - mostDrawn;
  if (withoutImage > 0) clip.leave(`${withoutImage} of ${all.length} charts are given as numbers only.`);
  return series.map((one, index) => seriesModel(one, index < mostDrawn, clip));
}

function seriesModel(series: Series, drawn: boolean, clip: Clip): SeriesModel {
  const label = clip.text(series.label, 60);
  const words = clip.text(seriesWords(series));
  const native = clip.host === 'teams';
  return {
    label,
    words,
    image: drawn && !native ? imageUri(series) : '',
    alt: `${label}: ${words}`,
    lines: drawn && native ? lineModels(label, series, clip) : [],
  };
}

function imageUri(series: Series): string {
  return `data:image/svg+xml;base64,${Buffer.from(lineChartSvg(series, size), 'utf8').toString('base64')}`;
}
