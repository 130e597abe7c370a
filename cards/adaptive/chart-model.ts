import { lineChartSvg } from '../charts/line-chart.ts';
import { seriesWords } from '../charts/series-words.ts';
import type { ChartView, Series } from '../view.ts';
import { type FieldModel, fieldModels } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { type LineModel, lineModels } from './line-model.ts';

export interface ChartModel {
  fields: FieldModel[];
  series: { label: string; words: string; image: string; alt: string; lines: LineModel[] }[];
}

const size = { width: 480, height: 200 };
const maxSeries = 12;

export function chartModel(view: ChartView, clip: Clip): ChartModel {
  const series = clip.list(view.series, 'series', Math.min(maxSeries, clip.level.rows));
  const withoutImage = series.length - clip.level.charts;
  if (withoutImage > 0) clip.leave(`${withoutImage} of ${view.series.length} charts are given as numbers only.`);
  return {
    fields: fieldModels(view.fields, clip),
    series: series.map((one, index) => seriesModel(one, index < clip.level.charts, clip)),
  };
}

function seriesModel(series: Series, drawn: boolean, clip: Clip) {
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
