import type { JsonObject } from '../../lib/json.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Asked } from './asked.ts';

/** A call of one tool. Its schema is asked here only to know whose fault a refusal will be; the gate parses again and decides. */
export function toolCall(tool: Tool, parameters: Readonly<Record<string, unknown>>): Omit<Asked, 'userContext'> {
  const input = flat(parameters);
  const mend = tool.input.safeParse(input).success
    ? undefined
    : `It takes ${Object.keys(tool.input.shape).join(', ')}.`;
  return { kind: 'call', said: { text: '', call: { tool: tool.name, input } }, mend };
}

/** Without what was left empty: the forms of Amazon Q send it as empty text. */
export function given(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '' && value !== null));
}

/** No tool takes a list, because Amazon Q's documents have none: a list means its members with commas between. */
function flat(parameters: Readonly<Record<string, unknown>>): JsonObject {
  const entries = Object.entries(given(parameters));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isList(value) ? value.join(',') : value]),
  ) as JsonObject;
}

function isList(value: unknown): value is (string | number)[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number');
}
