import type { Json, JsonObject } from '../../lib/json.ts';
import type { Tool } from '../../tools/tool.ts';

/** Words that need no quotation marks and are read back as one word. */
const PLAIN = /^[A-Za-z0-9#@:/._+-]*[A-Za-z0-9_/-]$/;
const POSITIONAL = new Set(['instance_id', 'incident_id']);

/**
 * The command that means exactly this call, for buttons, help and suggestions; pasted back it gives the same input.
 * Keys the tool does not have are kept, so that reading it back names them.
 */
export function formatCommand(tool: Pick<Tool, 'command' | 'input'>, input: JsonObject): string {
  const keys = [...Object.keys(tool.input.shape), ...Object.keys(input)];
  const parts = [...new Set(keys)].flatMap((key) => {
    const value = input[key];
    return value === undefined || value === null ? [] : [part(key, value)];
  });
  return [tool.command, ...parts].join(' ');
}

function part(key: string, value: Json): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  if (POSITIONAL.has(key) && /^(?:i-[0-9a-f]+|INC-\d+-\d+)$/.test(text)) return text;
  return `${key}=${PLAIN.test(text) ? text : quoted(text)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["“”„«»\\]/g, '\\$&')}"`;
}
