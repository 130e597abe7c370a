import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { digest, type Json, type JsonObject } from '../../lib/json.ts';
import type { Tool } from '../../tools/tool.ts';
import { REPORT_FINDINGS } from './findings.ts';
import type { ToolSpec } from './model.ts';

/** The whole system prompt, read once: the same bytes in every call. Whatever changes from turn to turn stands in the messages. */
export const systemPrompt: string = readFileSync(new URL('./prompt.md', import.meta.url), 'utf8');

const WHAT_A_CALL_DOES = {
  read: '',
  workflow: '',
  write: 'Proposes, and waits for the approval of a person: ',
} as const;

/** The catalog as a model sees it: the tools this person may use, in the catalog's order. None of them decides on an approval. */
export function toolSpecs(tools: readonly Tool[]): readonly ToolSpec[] {
  return [...tools.map(specOf), REPORT_FINDINGS];
}

const known = new WeakMap<Tool, ToolSpec>();

function specOf(tool: Tool): ToolSpec {
  const before = known.get(tool);
  if (before) return before;
  const schema = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' });
  const spec = {
    name: tool.name,
    description: `${WHAT_A_CALL_DOES[tool.effect]}${tool.summary}`,
    schema: JSON.parse(JSON.stringify(schema)) as JsonObject,
  };
  known.set(tool, spec);
  return spec;
}

/** For the record: which instructions and which tools a model had. */
export function promptHashes(specs: readonly ToolSpec[]): { prompt_hash: string; tools_hash: string } {
  return {
    prompt_hash: digest('prompt.v1', systemPrompt),
    tools_hash: digest('tool_specs.v1', specs as unknown as Json),
  };
}
