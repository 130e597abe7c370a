import { OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { plainIssue } from '../lib/plain-issue.ts';
import type { Tool } from '../tools/tool.ts';

/**
 * A call's input as its tool's schema has it, defaults made explicit.
 *
 * @throws OpsError `input_invalid` that names the field, why, and an example that works
 */
export function parseInput(tool: Tool, raw: JsonObject): JsonObject {
  const parsed = tool.input.safeParse(raw, { error: plainIssue });
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data)) as JsonObject;
  const problems = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  const [example] = tool.examples;
  throw new OpsError('input_invalid', `${tool.title}: ${problems.join('; ')}.`, {
    hint: example ? `For example: ${example}` : `Type: help ${tool.command}`,
    cause: parsed.error,
  });
}
