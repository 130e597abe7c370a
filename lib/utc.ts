/** '2026-11-21 03:04:05 UTC' of an ISO time: for sentences, where no card can show it in the reader's own zone. */
export function utc(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** '7 minutes', 'less than a minute': how long until an epoch ms, rounded down, for sentences. */
export function minutesUntil(at: number, now: number): string {
  const minutes = Math.floor((at - now) / 60_000);
  if (minutes < 1) return 'less than a minute';
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
