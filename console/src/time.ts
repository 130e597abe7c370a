const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** '14:05' today, '20 Nov, 14:05' before, in the reader's zone. */
export function shortTime(at: string, now: Date): string {
  return sinceToday(at, now, {});
}

function sinceToday(at: string, now: Date, more: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const day: Intl.DateTimeFormatOptions = sameDay(date, now) ? {} : { day: 'numeric', month: 'short' };
  const year: Intl.DateTimeFormatOptions = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' };
  return date.toLocaleString('en-GB', { ...day, ...year, ...clock, ...more });
}

/** '14:05 CET' today, '20 Nov, 14:05 CET' before: short, with the zone named. */
export function zonedTime(at: string, now: Date): string {
  return `${shortTime(at, now)} ${zoneName(new Date(at))}`.trim();
}

/** '14:05:09 CET' today, '20 Nov, 14:05:09 CET' before: records of one minute keep their order. */
export function secondTime(at: string, now: Date): string {
  return `${sinceToday(at, now, { second: '2-digit' })} ${zoneName(new Date(at))}`.trim();
}

/** 'CET': what the reader's zone is called at this moment. */
export function zoneName(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** '21 Nov 2026, 14:05:09 CET': the reader's zone, always named. */
export function exactTime(at: string): string {
  return new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** 'in 12 minutes', '3 hours ago', 'in less than a minute'. */
export function relativeTime(at: string, now: Date): string {
  const seconds = (Date.parse(at) - now.getTime()) / 1000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) {
      return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.trunc(seconds / size), unit);
    }
  }
  return seconds < 0 ? 'just now' : 'in less than a minute';
}

/** The value of a datetime-local input for a moment, in the reader's zone; '' for none. */
export function toLocalInput(at: string | undefined): string {
  if (!at || Number.isNaN(Date.parse(at))) return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moment a datetime-local input means, as ISO 8601 UTC; undefined when it is empty or half typed. */
export function fromLocalInput(value: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
