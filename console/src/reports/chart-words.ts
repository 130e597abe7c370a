import type { Series } from '../../../cards/view.ts';

const DAY_MS = 86_400_000;

/** How the hours or days of a curve are called: '20 Nov', or '20 Nov, 14:00 UTC' where they are hours. */
export function bucketName(points: readonly { at: string }[]): (at: string) => string {
  const [first, second] = points;
  const step = first && second ? Date.parse(second.at) - Date.parse(first.at) : DAY_MS;
  return (at) => {
    const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    return step < DAY_MS ? `${day}, ${at.slice(11, 16)} UTC` : day;
  };
}

/** '4,238 in all, the highest bar is 630': what the bars show, for people who read rather than look. */
export function inAll({ points }: Pick<Series, 'points'>): string {
  const values = points.flatMap(({ value }) => value ?? []);
  const all = values.reduce((sum, value) => sum + value, 0);
  const missing = points.length - values.length;
  const gap = missing > 0 ? `; ${missing} of ${points.length} not counted` : '';
  return `${all.toLocaleString('en')} in all, the highest bar is ${Math.max(0, ...values).toLocaleString('en')}${gap}`;
}
