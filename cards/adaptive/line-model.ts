import { sparkline } from '../charts/sparkline.ts';
import { drawable } from '../charts/stats.ts';
import { thin } from '../charts/thin.ts';
import type { Series } from '../view.ts';
import type { Clip } from './clip.ts';

/** A chart element of Teams, and what stands there on a client that has none. */
export interface LineModel {
  time: string;
  unit: string;
  data: { legend: string; values: { x: number; y: number }[] }[];
  sparkline: string;
}

const maxPoints = 60;
const sparklineWidth = 30;
const units = [
  { name: 'minutes', ms: 60_000, upTo: 3 * 3_600_000 },
  { name: 'hours', ms: 3_600_000, upTo: 3 * 86_400_000 },
  { name: 'days', ms: 86_400_000, upTo: Number.POSITIVE_INFINITY },
] as const;

/**
 * None without data: an empty chart says less than the words under it. Teams draws numbers along an axis, but writes every
 * time with an hour as a label of its own, one over the other: so times are counted from the first one.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards
 */
export function lineModels(legend: string, { points, unit }: Series, clip: Clip): LineModel[] {
  const known = points.filter(({ value, at }) => drawable(value) && !Number.isNaN(Date.parse(at)));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return [];
  if (known.length < points.length) clip.leave('Lines are drawn through times without data.');

  const from = Date.parse(first.at);
  const span = Date.parse(last.at) - from;
  const scale = units.find(({ upTo }) => span <= upTo) ?? units[2];
  const rounded = (number: number) => Number(number.toPrecision(4));
  const values = thin(known, maxPoints).map(({ at, value }) => ({
    x: rounded((Date.parse(at) - from) / scale.ms),
    y: rounded(value ?? 0),
  }));
  return [
    {
      time: `${scale.name} since ${moment(from, span)} UTC`,
      unit: clip.text(unit, 20),
      data: [{ legend, values: [...values, ...periodEnd(points, from, scale.ms)] }],
      sparkline: sparkline(
        points.map(({ value }) => value),
        sparklineWidth,
      ),
    },
  ];
}

function moment(ms: number, span: number): string {
  const iso = new Date(ms).toISOString();
  return span > 12 * 3_600_000 ? `${iso.slice(0, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 16);
}

/** A value counts for the time from its moment to the next; with the end of the last one the axis ends on a round number. */
function periodEnd(points: Series['points'], from: number, unitMs: number): { x: number; y: number }[] {
  const [before, last] = points.slice(-2);
  if (!last || !drawable(last.value) || !before) return [];
  const end = 2 * Date.parse(last.at) - Date.parse(before.at);
  return Number.isNaN(end)
    ? []
    : [{ x: Number(((end - from) / unitMs).toPrecision(4)), y: Number(last.value.toPrecision(4)) }];
}
