import { listing } from '../app-listing.ts';
import { encodePng } from './png.ts';

interface Point {
  x: number;
  y: number;
}

/** The pulse of the console's favicon, on its grid of 32. */
const PULSE: readonly Point[] = [
  { x: 7, y: 17 },
  { x: 11, y: 17 },
  { x: 14, y: 9 },
  { x: 18, y: 24 },
  { x: 21, y: 17 },
  { x: 25, y: 17 },
];
const MIDDLE: Point = { x: 16, y: 16.5 };
const WIDTH = 18;

const WHITE = 255;

/**
 * The colour icon, 192 × 192: a white pulse on the accent colour, which fills the square because Teams rounds the corners
 * itself. The 48 pixels around the symbol may be cropped.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
 */
export function colorIcon(): Buffer {
  const ground = [1, 3, 5].map((at) => Number.parseInt(listing.accent.slice(at, at + 2), 16));
  const [red = 0, green = 0, blue = 0] = ground;
  const coverage = pulse({ side: 192, span: 96, stroke: 11 });
  return encodePng(192, (x, y) => {
    const mix = (colour: number) => Math.round(colour + (WHITE - colour) * coverage(x, y));
    return { red: mix(red), green: mix(green), blue: mix(blue), alpha: 255 };
  });
}

/** The outline icon, 32 × 32: pure white on nothing, up to the edges. */
export function outlineIcon(): Buffer {
  const coverage = pulse({ side: 32, span: 32, stroke: 2.75 });
  return encodePng(32, (x, y) => ({ red: WHITE, green: WHITE, blue: WHITE, alpha: Math.round(255 * coverage(x, y)) }));
}

/** How much of a pixel the pulse covers, 0 to 1, when it is `span` pixels wide in the middle of a square of `side`. */
function pulse({ side, span, stroke }: { side: number; span: number; stroke: number }) {
  const scale = (span - stroke) / WIDTH;
  const place = ({ x, y }: Point): Point => ({
    x: side / 2 + (x - MIDDLE.x) * scale,
    y: side / 2 + (y - MIDDLE.y) * scale,
  });
  const points = PULSE.map(place);
  const legs = points.slice(1).map((to, at) => ({ from: points[at] ?? to, to }));
  return (x: number, y: number): number => {
    const centre = { x: x + 0.5, y: y + 0.5 };
    const nearest = Math.min(...legs.map(({ from, to }) => distance(centre, from, to)));
    return Math.min(1, Math.max(0, stroke / 2 + 0.5 - nearest));
  };
}

/** From a point to the nearest one of the line between `from` and `to`. */
function distance(point: Point, from: Point, to: Point): number {
  const leg = { x: to.x - from.x, y: to.y - from.y };
  const along = ((point.x - from.x) * leg.x + (point.y - from.y) * leg.y) / (leg.x ** 2 + leg.y ** 2);
  const part = Math.min(1, Math.max(0, along));
  return Math.sqrt((point.x - from.x - part * leg.x) ** 2 + (point.y - from.y - part * leg.y) ** 2);
}
