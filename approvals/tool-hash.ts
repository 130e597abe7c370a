import { z } from 'zod';
import { digest, type Json } from '../lib/json.ts';
import type { Tool } from '../tools/tool.ts';

const known = new WeakMap<Tool, string>();

/** Changes when a tool's input, effect or permissions change: an approval given for the old one is void. */
export function toolSchemaHash(tool: Tool): string {
  const cached = known.get(tool);
  if (cached) return cached;
  const input = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' });
  const hash = digest(
    'tool.v1',
    JSON.parse(JSON.stringify({ name: tool.name, effect: tool.effect, iam: tool.iam, input })) as Json,
  );
  known.set(tool, hash);
  return hash;
}
