import type { Json, JsonObject } from '../../lib/json.ts';

/** Amazon Q and its like work with small answers; no limit is published, so this stays well below those that are known of others. */
export const MOST_BYTES = 24_000;

const MOST_NAMED = 5;
const LESS = 'Ask for less: a shorter time_window, a smaller max_results, or one resource by its name.';

/**
 * What a tool gave, made to fit: the longest list is halved until it does, and `left_out` says what is missing and how to ask for less.
 * Lists are in the order that people want, so their beginning stays; of points in time the newest stay.
 */
export function fitting(output: JsonObject, most = MOST_BYTES): JsonObject {
  if (bytesOf(output) <= most) return output;
  const kept = structuredClone(output);
  const whole = new Map(listsIn(kept).map(({ list, path }) => [path, list.length]));
  while (bytesOf(kept) > most) {
    const longest = listsIn(kept).sort((a, b) => bytesOf(b.list) - bytesOf(a.list))[0];
    if (!longest || longest.list.length === 0) return { left_out: `The answer is too large to be shown here. ${LESS}` };
    halve(longest.list);
  }
  const cut = listsIn(kept).flatMap(({ list, path }) => {
    const had = whole.get(path) ?? list.length;
    return had > list.length ? [`${path}: ${list.length} of ${had} shown`] : [];
  });
  return { ...kept, left_out: `${cut.slice(0, MOST_NAMED).join('; ')}. ${LESS}` };
}

function halve(list: Json[]): void {
  const half = Math.floor(list.length / 2);
  if (isTimeline(list)) list.splice(0, list.length - half);
  else list.splice(half);
}

function isTimeline(list: readonly Json[]): boolean {
  const [first, last] = [timeOf(list[0]), timeOf(list.at(-1))];
  return first !== undefined && last !== undefined && first < last;
}

function timeOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof value.at === 'string' ? value.at : undefined;
}

function listsIn(value: Json, path = ''): { list: Json[]; path: string }[] {
  if (Array.isArray(value))
    return [{ list: value, path }, ...value.flatMap((one, at) => listsIn(one, `${path}.${at}`))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => listsIn(one, path === '' ? key : `${path}.${key}`));
}

const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** Whole lines of a card, as many as fit. */
export function fittingText(text: string, most = MOST_BYTES): string {
  if (Buffer.byteLength(text) <= most) return text;
  const end = `\n… the rest is left out. ${LESS}`;
  const room = most - Buffer.byteLength(end);
  const bytes = Buffer.from(text).subarray(0, room);
  const cut = bytes.toString('utf8').replace(/\uFFFD$/, '');
  const line = cut.lastIndexOf('\n');
  return `${line > 0 ? cut.slice(0, line) : cut}${end}`;
}
