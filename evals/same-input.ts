import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../lib/json.ts';
import { parseTimeWindow } from '../tools/time-window.ts';
import type { Tool } from '../tools/tool.ts';

/** `reworded`: the same call, but for the words of a text that a person dictated. */
export type Likeness = 'same' | 'reworded' | 'other';

/** Where and when a call is made: what is meant when it names no Region, and what a time window counts from (epoch ms). */
export interface Ground {
  region: string;
  now: number;
}

/** They say how much is shown, not of what: where a sentence leaves them open, whoever answers may choose. */
const LEFT_OPEN = new Set(['time_window', 'max_results', 'metrics', 'statistic']);
const DICTATED = new Set(['text', 'summary']);
/** The gate gets the person's own sentence as the reason, whatever a model writes. */
const NOT_COMPARED = new Set(['reason']);

/** Whether a call asks for what was wanted, every field of both looked at. */
export function compareInputs(tool: Tool, wanted: JsonObject, given: JsonObject, ground: Ground): Likeness {
  const [one, other] = [parsed(tool, wanted, ground), parsed(tool, given, ground)];
  if (!one || !other) return 'other';
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (field) => !NOT_COMPARED.has(field) && (Object.hasOwn(wanted, field) || !LEFT_OPEN.has(field)),
  );
  const different = fields.filter((field) => !isSame(field, one[field], other[field], ground));
  if (different.length === 0) return 'same';
  return different.every((field) => DICTATED.has(field)) ? 'reworded' : 'other';
}

/** Whether a call has the named fields, whatever else it has. */
export function hasFields(named: JsonObject, given: JsonObject, ground: Ground): boolean {
  return Object.entries(named).every(([field, value]) => isSame(field, value, given[field], ground));
}

function parsed(tool: Tool, input: JsonObject, { region }: Ground): JsonObject | undefined {
  const { data } = tool.input.safeParse(input);
  if (data === undefined) return undefined;
  const { region: named = region, ...rest } = data as JsonObject;
  return 'region' in tool.input.shape ? { ...rest, region: named } : rest;
}

function isSame(field: string, one: unknown, other: unknown, ground: Ground): boolean {
  if (field === 'time_window') return isSameWindow(String(one), String(other), ground);
  if (DICTATED.has(field)) return wordsOf(one) === wordsOf(other);
  return isDeepStrictEqual(one, other);
}

function isSameWindow(one: string, other: string, { now }: Ground): boolean {
  const [first, second] = [parseTimeWindow(one, now), parseTimeWindow(other, now)];
  if (first.kind !== 'window' || second.kind !== 'window') return false;
  return first.window.from === second.window.from && first.window.to === second.window.to;
}

const wordsOf = (value: unknown): string =>
  (
    String(value)
      .toLowerCase()
      .match(/[\p{L}\p{N}-]+/gu) ?? []
  ).join(' ');
