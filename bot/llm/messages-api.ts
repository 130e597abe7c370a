import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { Message, ModelReply, ModelRequest, Replied, Said, ToolSpec } from './model.ts';
import { modelFailure } from './model-errors.ts';

/** The model's thinking counts too. */
const MOST_OUTPUT_TOKENS = 8192;
const CACHED = { type: 'ephemeral' } as const;

/**
 * The request as the Messages API takes it. Sampling, thinking, effort and the choice of tools stay the model's own: newer models
 * refuse requests that set them. Tools and system come first and end in a cache mark each, so that they are read from the cache.
 */
export function toParams(model: string, { system, tools, messages }: ModelRequest): Anthropic.MessageStreamParams {
  return {
    model,
    max_tokens: MOST_OUTPUT_TOKENS,
    system: [{ type: 'text', text: system, cache_control: CACHED }],
    ...(tools.length > 0 && { tools: tools.map((tool, index) => toTool(tool, index === tools.length - 1)) }),
    messages: messages.map((message, index) => toMessage(message, index === messages.length - 1)),
  };
}

function toTool({ name, description, schema }: ToolSpec, last: boolean): Anthropic.Tool {
  const input_schema = { ...schema, type: 'object' as const };
  return { name, description, input_schema, ...(last && { cache_control: CACHED }) };
}

/** The last message ends in a mark too: the next step reads all before it from the cache. */
function toMessage(message: Message, last: boolean): Anthropic.MessageParam {
  if (message.role === 'user') {
    const end = message.content.length - 1;
    const mark = { cache_control: CACHED };
    return {
      role: 'user',
      content: message.content.map((said, n) => ({ ...toSaid(said), ...(last && n === end && mark) })),
    };
  }
  return { role: 'assistant', content: message.content.map(toReplied) };
}

function toSaid(said: Said): Anthropic.ContentBlockParam {
  if (said.kind === 'text') return { type: 'text', text: said.text };
  return { type: 'tool_result', tool_use_id: said.callId, content: said.text, is_error: said.failed };
}

function toReplied(replied: Replied): Anthropic.ContentBlockParam {
  switch (replied.kind) {
    case 'text':
      return { type: 'text', text: replied.text };
    case 'call':
      return { type: 'tool_use', id: replied.id, name: replied.tool, input: replied.input };
    case 'opaque':
      // It came from this vendor and goes back as it is.
      return replied.block as Anthropic.ContentBlockParam;
  }
}

const ENDS = {
  end_turn: 'answer',
  stop_sequence: 'answer',
  tool_use: 'calls',
  max_tokens: 'truncated',
  refusal: 'refused',
  pause_turn: 'paused',
  model_context_window_exceeded: 'context_full',
} as const satisfies Record<string, ModelReply['end']>;

type VendorEnd = keyof typeof ENDS;

const Count = z.int().nonnegative();
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The blocks are kept as they came: a parsed copy of the vendor's own would have its members in another order. */
const Reply = z.object({
  stop_reason: z.enum(Object.keys(ENDS) as VendorEnd[]),
  content: z.array(z.custom<{ type: string }>((block) => z.looseObject({ type: z.string() }).safeParse(block).success)),
  usage: z.object({
    input_tokens: Count,
    output_tokens: Count,
    cache_read_input_tokens: Count.nullish(),
    cache_creation_input_tokens: Count.nullish(),
  }),
});
const Text = z.object({ text: z.string() });
const Name = z.string().regex(/^[\w-]{1,128}$/);
const Call = z.object({ id: Name, name: Name, input: z.unknown().refine(isObject) });

/**
 * What the model sent, as the house knows it. A call stays one only when the model ended in order to make it.
 *
 * @param inputs index of a block → the JSON text of its input as it came; the SDK mends what was cut off in the middle
 * @throws OpsError `model_unavailable`, why `unreadable`
 */
export function readReply(message: unknown, inputs: ReadonlyMap<number, string>): ModelReply {
  const { stop_reason, content: blocks, usage } = read(Reply, message);
  const end = ENDS[stop_reason];
  const content = blocks.flatMap((block, index) => readBlock(block, { end, input: inputs.get(index) }));
  const ids = content.flatMap((one) => (one.kind === 'call' ? [one.id] : []));
  if (new Set(ids).size !== ids.length || (end === 'calls' && ids.length === 0))
    throw modelFailure('unreadable', { facts: { at: 'calls' } });
  return {
    end,
    content,
    usage: {
      input: usage.input_tokens,
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite: usage.cache_creation_input_tokens ?? 0,
      output: usage.output_tokens,
    },
  };
}

interface Around {
  end: ModelReply['end'];
  input: string | undefined;
}

function readBlock(block: { type: string }, { end, input }: Around): Replied[] {
  switch (block.type) {
    case 'text': {
      const { text } = read(Text, block);
      // The vendor sends empty texts but refuses to get them back.
      return text.trim() === '' ? [] : [{ kind: 'text', text }];
    }
    case 'tool_use': {
      if (end !== 'calls') return [];
      const call = read(Call, input ? { ...block, input: wholeJson(input) } : block);
      return [{ kind: 'call', id: call.id, tool: call.name, input: call.input }];
    }
    default:
      return [{ kind: 'opaque', block }];
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, success, error } = schema.safeParse(value);
  if (success) return data;
  throw modelFailure('unreadable', { facts: { at: error.issues[0]?.path.join('.') || 'answer' } });
}

function wholeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw modelFailure('unreadable', { cause, facts: { at: 'input' } });
  }
}
