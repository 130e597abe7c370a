import { cleanText } from '../../lib/clean-text.ts';
import type { Series } from '../view.ts';
import { quantity } from './quantity.ts';
import { type Scale, scaleOf, shareOf } from './scale.ts';
import { drawable, statsOf } from './stats.ts';
import { thin } from './thin.ts';

interface Size {
  /** Pixels of the picture's own grid; it scales with its frame. */
  width: number;
  height: number;
}

interface Plot extends Size {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Dot {
  x: number;
  y: number;
  value: number;
}

// Mid-tones on a transparent ground: they read on a white page and on a dark one.
const ink = '#808080';
const line = '#2b88d8';
const maxPoints = 160;
const dayMs = 86_400_000;

/**
 * One series as a self-contained SVG picture with axes, gaps where there was no data, and marks at minimum and maximum.
 * Times are UTC. All text in it is escaped; nothing in it runs or loads.
 */
export function lineChartSvg(series: Series, { width, height }: Size): string {
  const plot: Plot = { width, height, left: 66, top: 32, right: width - 62, bottom: height - 26 };
  const label = cleanText(series.label, 60);
  const unit = cleanText(series.unit, 20);
  const stats = statsOf(series);
  const numbers = stats
    ? `last ${quantity(stats.last, unit)} · min ${quantity(stats.min, unit)} · max ${quantity(stats.max, unit)}`
    : 'no data';

  const content = stats ? drawing(series, scaleOf(stats.min, stats.max), plot, unit) : nothing(plot);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` role="img" font-family="Segoe UI,Arial,sans-serif" font-size="13" fill="${ink}">`,
    `<title>${escapeXml(label)}</title><desc>${escapeXml(`${label}: ${numbers}`)}</desc>`,
    content,
    '</svg>',
  ].join('');
}

function nothing(plot: Plot): string {
  return text((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, 'middle', 'No data in this time range');
}

function drawing(series: Series, scale: Scale, plot: Plot, unit: string): string {
  const points = thin(series.points, maxPoints);
  const dots = place(points, scale, plot);
  return [grid(scale, plot, unit), timeLabels(points, plot), curve(dots), marks(dots, plot, unit)].join('');
}

function grid(scale: Scale, plot: Plot, unit: string): string {
  return scale.ticks
    .map((tick) => {
      const y = round(plot.bottom - shareOf(tick, scale) * (plot.bottom - plot.top));
      const rule = `<path d="M${plot.left} ${y}H${plot.right}" stroke="${ink}" stroke-opacity=".35"/>`;
      return rule + text(plot.left - 6, y + 4, 'end', quantity(tick, unit));
    })
    .join('');
}

function place(points: Series['points'], scale: Scale, plot: Plot): (Dot | undefined)[] {
  const times = points.map((point) => Date.parse(point.at));
  const first = times[0] ?? 0;
  const span = (times.at(-1) ?? first) - first;
  return points.map(({ value }, index) => {
    if (!drawable(value)) return undefined;
    const share = span > 0 ? ((times[index] ?? first) - first) / span : index / Math.max(1, points.length - 1);
    return {
      x: round(plot.left + clamp(share) * (plot.right - plot.left)),
      y: round(plot.bottom - shareOf(value, scale) * (plot.bottom - plot.top)),
      value,
    };
  });
}

function curve(dots: (Dot | undefined)[]): string {
  let path = '';
  const lonely: Dot[] = [];
  dots.forEach((dot, index) => {
    if (!dot) return;
    const before = dots[index - 1];
    path += `${before ? 'L' : 'M'}${dot.x} ${dot.y}`;
    if (!before && !dots[index + 1]) lonely.push(dot);
  });
  const strokes = `<path d="${path}" fill="none" stroke="${line}" stroke-width="2" stroke-linejoin="round"/>`;
  return strokes + lonely.map((dot) => circle(dot, 2.5, line)).join('');
}

/** Dots at the highest (full) and lowest (open) value, what they mean above the plot, and the last value at its end. */
function marks(dots: (Dot | undefined)[], plot: Plot, unit: string): string {
  const known = dots.filter((dot) => dot !== undefined);
  const last = known.reduce((_, dot) => dot);
  const lowest = known.reduce((least, dot) => (dot.value < least.value ? dot : least));
  const highest = known.reduce((most, dot) => (dot.value > most.value ? dot : most));
  const end = text(plot.right + 6, last.y + 4, 'start', quantity(last.value, unit));
  if (lowest.value === highest.value) return end;
  const legend = `● max ${quantity(highest.value, unit)}   ○ min ${quantity(lowest.value, unit)}`;
  return [end, circle(highest, 3.5, line), circle(lowest, 3.5, 'none'), text(plot.left, 16, 'start', legend)].join('');
}

function timeLabels(points: Series['points'], plot: Plot): string {
  const first = Date.parse(points[0]?.at ?? '');
  const last = Date.parse(points.at(-1)?.at ?? '');
  if (Number.isNaN(first) || Number.isNaN(last)) return '';

  const y = plot.height - 8;
  if (first >= last) return text(plot.left, y, 'start', `${timeLabel(first, 0)} UTC`);
  return [0, 1, 2]
    .map((step) => {
      const anchor = (['start', 'middle', 'end'] as const)[step] ?? 'end';
      const label = timeLabel(first + ((last - first) * step) / 2, last - first);
      return text(plot.left + ((plot.right - plot.left) * step) / 2, y, anchor, step === 2 ? `${label} UTC` : label);
    })
    .join('');
}

function timeLabel(at: number, spanMs: number): string {
  const iso = new Date(at).toISOString();
  return spanMs > 2 * dayMs ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 16);
}

function circle({ x, y }: Dot, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${line}" stroke-width="1.5"/>`;
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
