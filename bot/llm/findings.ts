import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import type { JsonObject } from '../../lib/json.ts';
import { READ_ID } from '../evidence.ts';
import type { ToolSpec } from './model.ts';

const sentence = (longest: number) => z.string().trim().min(1).max(longest);

const Finding = z.strictObject({
  text: sentence(400).describe('One finding in plain words, with the numbers that were read'),
  status: z
    .enum(['confirmed', 'likely', 'unlikely'])
    .describe('confirmed only when the reads named show it by themselves'),
  confidence: z.enum(['high', 'medium', 'low']),
  evidence: z.array(z.string().regex(READ_ID, 'name reads by their ids, as in read-0123456789ab')).max(8),
});

const Alternative = z.strictObject({
  text: sentence(300).describe('Another cause that was looked at'),
  why_not: sentence(300).describe('What speaks against it'),
});

const Proposal = z.strictObject({
  tool: sentence(64).describe('Name of a tool that changes something'),
  // For a model it is any object; the tool's own schema reads it when somebody proposes the change.
  input: z.record(z.string(), z.unknown()).pipe(z.record(z.string(), z.json())),
  expected_effect: sentence(300),
  undo: sentence(300).describe('How to take it back, or that it cannot be'),
});

/** What a model says at the end of an investigation. Lengths are in UTF-16 units. */
const FindingsReport = z.strictObject({
  summary: sentence(600).describe('The answer to the question first, then how sure it is'),
  findings: z.array(Finding).min(1).max(8),
  alternatives: z.array(Alternative).max(5).describe('Causes that were ruled out; empty when none were'),
  proposed: z.array(Proposal).max(4).describe('Changes that would help, best first; empty when none would'),
});
export type FindingsReport = z.output<typeof FindingsReport>;

/** How a model ends an investigation. Nothing in the report is executed: what it proposes, a person may propose by a press. */
export const REPORT_FINDINGS: ToolSpec = {
  name: 'report_findings',
  description:
    'Ends an investigation with its findings. Name as evidence only reads of this investigation, by their ids. ' +
    'A finding that names none is shown as unconfirmed. Changes are only suggested here; a person decides whether to propose them.',
  schema: JSON.parse(JSON.stringify(z.toJSONSchema(FindingsReport, { io: 'input' }))) as JsonObject,
};

/** The report, or what is wrong with it in words that a model can mend it by: one line for each problem, at most 1,000 characters. */
export function parseFindings(input: unknown): { ok: true; report: FindingsReport } | { ok: false; problems: string } {
  const outside = outsideLimits(input, { characters: MOST_CHARACTERS, values: MOST_VALUES }, 0);
  if (outside !== undefined) return { ok: false, problems: outside };
  const parsed = FindingsReport.safeParse(input);
  return parsed.success ? { ok: true, report: parsed.data } : { ok: false, problems: inLines(parsed.error.issues) };
}

const MOST_TOLD = 8;

function inLines(issues: readonly z.core.$ZodIssue[]): string {
  const told = issues.slice(0, MOST_TOLD).map(({ path, message }) => `${path.join('.') || 'report'}: ${message}`);
  const left = issues.length - told.length;
  return cleanText([...told, ...(left > 0 ? [`${left} more problems`] : [])].join('\n'), 1000, { keepLines: true });
}

/** A report that uses every limit of the schema stays under these. */
const MOST_CHARACTERS = 40_000;
const MOST_VALUES = 1000;
const DEEPEST = 12;

const NOT_JSON = 'report: only plain JSON is taken';

/** What may still come. */
interface Room {
  characters: number;
  values: number;
}

/** Why it is no plain JSON of a report's size. Looked at first and no further than that, so that a huge input costs little. */
function outsideLimits(value: unknown, room: Room, depth: number): string | undefined {
  room.values -= 1;
  if (room.values < 0) return `report: over ${MOST_VALUES} values in all`;
  if (depth > DEEPEST) return `report: nested over ${DEEPEST} deep`;
  if (typeof value === 'string') return spend(value, room);
  if (Array.isArray(value)) return firstOf(value, (one) => outsideLimits(one, room, depth + 1));
  if (typeof value !== 'object' || value === null) return isLeaf(value) ? undefined : NOT_JSON;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return NOT_JSON;
  return firstOf(Object.entries(value), ([key, one]) => {
    if (key === '__proto__') return 'report: no key may be called __proto__';
    return spend(key, room) ?? outsideLimits(one, room, depth + 1);
  });
}

function spend(text: string, room: Room): string | undefined {
  room.characters -= text.length;
  return room.characters < 0 ? `report: over ${MOST_CHARACTERS} characters in all` : undefined;
}

function firstOf<T>(all: readonly T[], problemOf: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const problem = problemOf(one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isLeaf(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || Number.isFinite(value);
}
