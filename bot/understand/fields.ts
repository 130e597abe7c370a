import { z } from 'zod';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { ParamKind } from '../../tools/params.ts';
import type { Tool } from '../../tools/tool.ts';
import { severityOf } from './severities.ts';

/** What the language side knows of one input field, read from the tool's schema. */
export interface InputField {
  key: string;
  kind: ParamKind | 'other';
  type: 'text' | 'number' | 'boolean' | 'list';
  choices: readonly string[];
  required: boolean;
}

const Property = z.object({
  type: z.string().optional(),
  param: z.string().optional(),
  enum: z.array(z.string()).optional().catch(undefined),
  items: z
    .object({ enum: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});

const SHORT: Readonly<Record<string, readonly string[]>> = {
  window: ['time_window'],
  time: ['time_window'],
  count: ['desired_count', 'max_results'],
  desired: ['desired_count'],
  tasks: ['desired_count'],
  limit: ['max_results'],
  max: ['max_results'],
  id: ['instance_id', 'incident_id'],
  instance: ['instance_id'],
  incident: ['incident_id'],
  metric: ['metric_name', 'metrics'],
  stat: ['statistic'],
  event: ['event_name'],
  resource: ['resource_name', 'resource_id'],
  alb: ['alb_arn'],
  target_group: ['target_group_arn'],
  tg: ['target_group_arn'],
  webhook: ['webhook_url'],
  link: ['links'],
  sev: ['severity'],
  message: ['text'],
  title: ['summary'],
  why: ['reason'],
};

export function fieldsOf(tool: Tool): InputField[] {
  const schema = z.toJSONSchema(tool.input, { io: 'output', unrepresentable: 'any' });
  return Object.entries(tool.input.shape).map(([key, type]) => {
    const property = Property.parse(schema.properties?.[key] ?? {});
    return {
      key,
      kind: kindOf(property.param),
      type: typeOf(property.type),
      choices: property.enum ?? property.items?.enum ?? [],
      required: !z.safeParse(type, undefined).success,
    };
  });
}

const KINDS: readonly ParamKind[] = [
  'instance_id',
  'alb_arn',
  'target_group_arn',
  'cluster',
  'service',
  'count',
  'time_window',
  'severity',
  'text',
  'channel',
  'link',
  'webhook',
  'region',
  'reason',
  'word',
  'choice',
  'metrics',
  'incident_id',
];

function kindOf(param: string | undefined): InputField['kind'] {
  return KINDS.find((kind) => kind === param) ?? 'other';
}

function typeOf(type: string | undefined): InputField['type'] {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'list';
  return type === 'boolean' ? 'boolean' : 'text';
}

/** `desired-count`, `desired_count` and the short names people use. */
export function fieldByKey(fields: readonly InputField[], written: string): InputField | undefined {
  const key = written.toLowerCase().replaceAll('-', '_');
  const names = [key, ...(Object.hasOwn(SHORT, key) ? (SHORT[key] ?? []) : [])];
  const name = names.find((one) => fields.some((field) => field.key === one));
  return fields.find((field) => field.key === name);
}

/** The written value in the schema's type. What does not fit stays as written, so that the schema can complain about it. */
export function valueFor(field: InputField, written: string): Json {
  if (field.type === 'number') return wholeNumber(written) ?? written;
  if (field.type === 'boolean')
    return { true: true, yes: true, false: false, no: false }[written.toLowerCase()] ?? written;
  if (field.type === 'list') return listFor(field, written);
  return choiceFor(field, written);
}

/** A comma inside a link belongs to the link. */
function listFor(field: InputField, written: string): string[] {
  const separator = field.kind === 'link' ? /,(?=\s?https?:)/ : ',';
  return written.split(separator).map((part) => choiceFor(field, part.trim()));
}

/** Digits with an optional minus, small enough to be exact; nothing like 1e9, 4k or 2.5. */
export function wholeNumber(written: string): number | undefined {
  if (!/^-?\d{1,15}$/.test(written)) return undefined;
  return Number(written);
}

function choiceFor(field: InputField, written: string): string {
  const lower = written.toLowerCase();
  if (field.kind === 'severity') return severityOf(lower) ?? written;
  return field.choices.find((choice) => choice.toLowerCase() === lower) ?? written;
}

/** The input without one key, in the same order. */
export function without(input: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== key));
}
