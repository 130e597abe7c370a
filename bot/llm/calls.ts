import { z } from 'zod';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { ReadTool, Tool, WriteTool } from '../../tools/tool.ts';
import { REPORT_FINDINGS } from './findings.ts';
import type { Replied } from './model.ts';
import { safeModelText } from './model-text.ts';

/** One call as the model wrote it. */
export type RawCall = Extract<Replied, { kind: 'call' }>;

/** What a call is, before anything runs. `bad` is told to the model and goes nowhere else. */
export type SortedCall =
  | { kind: 'bad'; call: RawCall; problem: string }
  | { kind: 'report'; call: RawCall }
  | { kind: 'read'; call: RawCall; tool: ReadTool; input: JsonObject }
  | { kind: 'workflow'; call: RawCall; tool: ReadTool; input: JsonObject }
  | { kind: 'write'; call: RawCall; tool: WriteTool; input: JsonObject };

/** Characters of one call's input as JSON; the longest a tool takes is a text of 3,000. */
const LONGEST_INPUT = 20_000;

const Input = z.record(z.string(), z.json());

/**
 * Names are compared exactly: `Reboot_EC2` is no tool (SAFETY C8). The input's own schema comes later, in the gate. `said` are the
 * person's words: an address that is not in them has no place in a read, whose input stands on cards.
 */
export function sortCall(tools: ReadonlyMap<string, Tool>, call: RawCall, said: string): SortedCall {
  if (call.tool === REPORT_FINDINGS.name) return { kind: 'report', call };
  const tool = tools.get(call.tool);
  if (!tool) {
    const name = JSON.stringify(call.tool.slice(0, 60));
    return { kind: 'bad', call, problem: `There is no tool ${name}. There are: ${[...tools.keys()].join(', ')}.` };
  }
  const input = readInput(call.input);
  if (typeof input === 'string') return { kind: 'bad', call, problem: input };
  if (tool.effect === 'write') return { kind: 'write', call, tool, input };
  if (tool.effect === 'read' && Object.values(input).some((value) => isForeignAddress(value, said)))
    return { kind: 'bad', call, problem: 'The input holds a link or a mention that nobody wrote. Leave it out.' };
  return { kind: tool.effect, call, tool, input };
}

function isForeignAddress(value: Json, said: string): boolean {
  if (typeof value !== 'string') return Array.isArray(value) && value.some((one) => isForeignAddress(one, said));
  return safeModelText(value, value.length) !== value && !said.includes(value);
}

function readInput(raw: unknown): JsonObject | string {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'The input must be a JSON object.';
  const text = JSON.stringify(raw);
  if (text.length > LONGEST_INPUT) return `The input is ${text.length} characters long; at most ${LONGEST_INPUT}.`;
  // A key of this name, however deep, would vanish on the way, and what is checked would not be what was written. Inside a text its
  // quotes are escaped, so only a key looks like this.
  if (text.includes('"__proto__":')) return 'The input has a key that no tool has: __proto__.';
  const parsed = Input.safeParse(raw);
  return parsed.success ? parsed.data : 'The input must hold JSON values only.';
}
