/** '2026-11-21 03:04:05 UTC' of an ISO time: for sentences, where no card can show it in the reader's own zone. */
export function utc(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
