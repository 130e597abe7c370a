const UNITS: readonly [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** '1.4 s', '2 min 10 s', '3 d 4 h': the two largest units. Never negative. */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, Math.round(ms / 100)) / 10).toString()} s`;
  const at = UNITS.findIndex(([, size]) => ms >= size);
  const [large, small] = [UNITS[at], UNITS[at + 1]];
  if (!large) return '0 s';
  const [name, size] = large;
  if (!small) return `${Math.floor(ms / size)} ${name}`;
  const rest = Math.floor((ms % size) / small[1]);
  return rest === 0 ? `${Math.floor(ms / size)} ${name}` : `${Math.floor(ms / size)} ${name} ${rest} ${small[0]}`;
}

/** '93 days', '1 day'. */
export function daysText(days: number): string {
  return days === 1 ? '1 day' : `${days.toLocaleString('en-US')} days`;
}
