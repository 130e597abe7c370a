import type { Tool as Listed, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import { OWN_TOOLS, type OwnTool } from './own-tools.ts';

/** The tools as a client sees them: those of the catalog that this person may use, and what follows a change. */
export function listed(tools: readonly Tool[]): Listed[] {
  return tools.length === 0 ? [] : [...tools.map(fromCatalog), ...OWN_TOOLS.map(own)];
}

const WHAT_A_CALL_DOES = {
  read: '',
  workflow: '',
  write: 'Proposes this and changes nothing yet; a person approves or rejects it elsewhere: ',
} as const;

const known = new WeakMap<Tool, Listed>();

function fromCatalog(tool: Tool): Listed {
  const before = known.get(tool);
  if (before) return before;
  const { name, title, summary, effect, input } = tool;
  const description = `${WHAT_A_CALL_DOES[effect]}${summary}`;
  const seen = { name, title, description, inputSchema: schemaOf(input), annotations: annotationsOf(tool) };
  known.set(tool, seen);
  return seen;
}

function own({ name, title, description, input }: OwnTool): Listed {
  const annotations = { ...READS, title, openWorldHint: false };
  return { name, title, description, inputSchema: schemaOf(input), annotations };
}

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true } as const;

/** Clients ask their user before they call what is not read-only; what happens without the gate's yes is nothing, whatever they believe. */
function annotationsOf(tool: Tool): ToolAnnotations {
  const { title, effect, iam } = tool;
  if (effect === 'read') return { ...READS, title, openWorldHint: iam.length > 0 };
  const changesAws = effect === 'write';
  return {
    title,
    readOnlyHint: false,
    destructiveHint: changesAws,
    idempotentHint: changesAws && tool.recovery === 'convergent',
    openWorldHint: true,
  };
}

/** Fields that hold addresses are for people: a model does not choose where something leads (T8). */
const ADDRESSES: readonly unknown[] = ['link', 'webhook'];

/** Without `$schema`: the protocol names the dialect, and older clients know an older one only. */
function schemaOf(input: z.ZodObject): Listed['inputSchema'] {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const { param, ...rest } = field as { param?: unknown };
    return ADDRESSES.includes(param) ? [] : [[name, rest] as const];
  });
  return JSON.parse(JSON.stringify({ ...schema, properties: Object.fromEntries(fields) }));
}
