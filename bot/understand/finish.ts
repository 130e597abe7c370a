import type { Json, JsonObject } from '../../lib/json.ts';
import { parseTimeWindow } from '../../tools/time-window.ts';
import type { InputField } from './fields.ts';
import { without } from './fields.ts';
import { type Ask, ask } from './question.ts';
import { tokenize } from './tokens.ts';
import type { Understanding, UnderstoodBy } from './understanding.ts';
import type { Known, Vocabulary } from './vocabulary.ts';

export type Call = Extract<Understanding, { kind: 'call' }>;

export interface Draft {
  by: UnderstoodBy;
  input: JsonObject;
  /** The message every new target must stand in. */
  message: string;
  /** Values an earlier turn established. */
  earlier?: JsonObject;
}

const TARGETS = new Set<InputField['kind']>([
  'instance_id',
  'alb_arn',
  'target_group_arn',
  'cluster',
  'service',
  'channel',
  'link',
  'webhook',
  'region',
  'word',
  'incident_id',
  'other',
]);

/** A call, when the tool's own schema accepts the input and every target stands literally in the message; else the question. */
export function finish(vocabulary: Vocabulary, known: Known, draft: Draft, now: number): Call | Ask {
  const { by, input } = draft;
  const wrong = firstMissing(known, input) ?? firstWrong(known, input, now) ?? firstUnwritten(known, draft);
  if (wrong === undefined) return { kind: 'call', by, tool: known.tool.name, input };
  const { missing, because } = wrong;
  return ask(vocabulary, known, { by, known: without(input, missing), missing, because });
}

interface Wrong {
  missing: string;
  because?: string;
}

function firstMissing({ fields }: Known, input: JsonObject): Wrong | undefined {
  const field = fields.find(({ key, required }) => required && input[key] === undefined);
  return field && { missing: field.key };
}

function firstWrong({ tool, fields }: Known, input: JsonObject, now: number): Wrong | undefined {
  const parsed = tool.input.safeParse(input);
  if (parsed.success) return wrongWindow(fields, input, now);
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0] ?? '');
  if (issue && key !== '' && input[key] !== undefined)
    return { missing: key, because: complaint(key, input[key], issue.message) };
  const absent = fields.find((field) => input[field.key] === undefined && TARGETS.has(field.kind)) ?? fields[0];
  return { missing: key || (absent?.key ?? ''), because: issue ? sentence(issue.message) : undefined };
}

function wrongWindow(fields: readonly InputField[], input: JsonObject, now: number): Wrong | undefined {
  for (const { key, kind } of fields) {
    const value = input[key];
    if (kind !== 'time_window' || typeof value !== 'string') continue;
    const parsed = parseTimeWindow(value, now);
    if (parsed.kind === 'problem') return { missing: key, because: complaint(key, value, parsed.message) };
  }
  return undefined;
}

function firstUnwritten({ fields }: Known, { input, message, earlier = {} }: Draft): Wrong | undefined {
  const written = [message, ...tokenize(message).map(({ text }) => text)];
  const field = fields.find(({ key, kind }) => {
    const value = input[key];
    if (value === undefined || !TARGETS.has(kind) || value === earlier[key]) return false;
    const parts = kind === 'link' && typeof value === 'string' ? value.split(/[,\s]+/) : [value].flat();
    return !parts.every((one) => typeof one !== 'string' || written.some((text) => text.includes(one)));
  });
  return field && { missing: field.key, because: `I could not find ${field.key} in what you wrote.` };
}

function complaint(key: string, value: Json, message: string): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return sentence(`“${written.slice(0, 60)}” does not work as ${key}: ${message}`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
