import { cleanText } from '../../lib/clean-text.ts';
import { createKeep } from '../../lib/keep.ts';
import { noBreak } from './layout.ts';

/** '2026-11-21 03:04:05 UTC', or in an IANA zone: '2026-11-21 04:04:05 GMT+1'. What is no moment is shown as it is. */
export type ShowMoment = (at: string) => string;

export function momentsIn(zone = 'UTC'): ShowMoment {
  const format = formatterOf(zone);
  return (at) => {
    const ms = Date.parse(at);
    if (Number.isNaN(ms)) return cleanText(at, 40);
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const day = ['year', 'month', 'day'].map((name) => parts.get(name as 'year')).join('-');
    const time = ['hour', 'minute', 'second'].map((name) => parts.get(name as 'hour')).join(':');
    return `${day} ${time}${noBreak}${parts.get('timeZoneName')}`;
  };
}

/** A formatter takes 70 µs to make, a tenth of a short answer. */
const made = createKeep<Intl.DateTimeFormat>(100);

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = made.get(timeZone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  made.set(timeZone, formatter);
  return formatter;
}
