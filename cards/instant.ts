const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch ms of an ISO 8601 date and time with its zone; `undefined` for anything else, which a card shows as text. */
export function epochMs(at: string): number | undefined {
  const ms = dateTime.test(at) ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
