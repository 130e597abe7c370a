import type { Block } from '@slack/types';
import { thin } from '../charts/thin.ts';
import { epochMs } from '../instant.ts';
import type { Series } from '../view.ts';
import { limits } from './limits.ts';
import { plain } from './plain.ts';

/**
 * A chart that Slack draws. Not in @slack/types 3.2.0.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
export interface LineChartBlock extends Block {
  type: 'data_visualization';
  title: string;
  chart: {
    type: 'line';
    series: { name: string; data: { label: string; value: number }[] }[];
    axis_config: { categories: string[]; x_label: string; y_label: string };
  };
}

/** A series with at least one value, and none missing. */
export interface KnownSeries extends Series {
  points: { at: string; value: number }[];
}

const dayMs = 86_400_000;
/** Slack takes 20; the times of more than these run into each other on the axis. */
const maxPoints = 16;

/** Series of one unit over the same times as one chart. Slack wants a value of every series at every time it names. */
export function lineChart(group: readonly KnownSeries[]): LineChartBlock {
  const slots = thinned(group);
  const categories = timeLabels(slots.map(({ at }) => at));
  const names = distinct(group.map(({ label }) => plain(label, limits.chartName) || 'series'));
  const series = names.map((name, index) => ({
    name,
    data: slots.map(({ values }, slot) => ({
      label: categories[slot] ?? '',
      value: Number((values[index] ?? 0).toPrecision(6)),
    })),
  }));
  const axis_config = {
    categories,
    x_label: 'Time (UTC)',
    y_label: plain(group[0]?.unit ?? '', limits.chartAxisLabel) || 'value',
  };
  const title = plain(group.map(({ label }) => label).join(', '), limits.chartTitle) || 'Chart';
  return { type: 'data_visualization', title, chart: { type: 'line', series, axis_config } };
}

/** The lowest and highest value of each stretch of time, so that no spike is lost, and the last of all. */
function thinned(group: readonly KnownSeries[]): { at: string; values: number[] }[] {
  return stretches(group[0]?.points.length ?? 0).flatMap(([from, to]) => {
    const parts = group.map(({ points }) => thin(points.slice(from, to), 2));
    // A flat series has one value here where another has two.
    const widest = parts.reduce((most, part) => (part.length > most.length ? part : most));
    return widest.map(({ at }, slot) => ({ at, values: parts.map((part) => (part[slot] ?? part[0])?.value ?? 0) }));
  });
}

function stretches(length: number): [from: number, to: number][] {
  const last = length - 1;
  const size = length <= maxPoints ? 1 : Math.ceil(last / Math.floor((maxPoints - 1) / 2));
  const parts: [number, number][] = [];
  for (let from = 0; from < last; from += size) parts.push([from, Math.min(from + size, last)]);
  return [...parts, [last, length]];
}

/** As short as tells them apart: '02:41', '11-21 02:41', '02:41:30'. */
function timeLabels(ats: readonly string[]): string[] {
  const times = ats.map((at) => epochMs(at));
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const from = span > dayMs ? 5 : 11;
  const labels = (to: number) =>
    times.map((ms, index) =>
      ms === undefined ? `${index + 1}` : new Date(ms).toISOString().slice(from, to).replace('T', ' '),
    );
  const minutes = labels(16);
  return new Set(minutes).size === minutes.length ? minutes : distinct(labels(19));
}

/** A name that comes twice gets a number; both would be one line to Slack. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let count = 2; seen.has(own); count += 1) own = `${name.slice(0, limits.chartName - 4)} ${count}`;
    seen.add(own);
    return own;
  });
}
