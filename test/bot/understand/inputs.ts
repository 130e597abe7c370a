import fc from 'fast-check';
import { fieldsOf, type InputField } from '../../../bot/understand/fields.ts';
import type { Tool } from '../../../tools/tool.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

export const instanceId = fc.oneof(hex(8), hex(17)).map((digits) => `i-${digits}`);
export const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/);
const arn = (kind: string) =>
  hex(16).map((id) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:${kind}/web/${id}`);
const words = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 60 }).filter((text) => text.trim().length >= 3);

const VALUES: Record<InputField['kind'], fc.Arbitrary<string | number>> = {
  instance_id: instanceId,
  alb_arn: arn('loadbalancer/app'),
  target_group_arn: arn('targetgroup'),
  cluster: name,
  service: name,
  count: fc.integer({ min: 1, max: 50 }),
  time_window: fc.constantFrom('15m', '24h', 'last 30 minutes', 'yesterday', 'since 09:00'),
  severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
  text: words,
  reason: words,
  channel: name.map((channel) => `#${channel}`),
  link: name.map((path) => `https://wiki.example.com/${path}?a=b`),
  webhook: name.map((path) => `https://hooks.example.com/${path}`),
  region: fc.constantFrom('eu-west-1', 'us-gov-east-1'),
  word: fc.stringMatching(/^[A-Za-z0-9]{1,30}$/),
  choice: fc.constant(''),
  metrics: fc.constantFrom('cpu', 'cpu,memory', 'network'),
  incident_id: fc.integer({ min: 1, max: 999_999 }).map((number) => `INC-2026-${String(number).padStart(6, '0')}`),
  other: fc.constant(''),
};

/** Valid inputs of a tool: each required field, each other one now and then. */
export function inputsOf(tool: Tool): fc.Arbitrary<Record<string, unknown>> {
  const fields = fieldsOf(tool);
  const values = Object.fromEntries(
    fields.map((field) => [
      field.key,
      field.choices.length > 0 ? fc.constantFrom(...field.choices) : VALUES[field.kind],
    ]),
  );
  const requiredKeys = fields.filter(({ required }) => required).map(({ key }) => key);
  return fc.record(values, { requiredKeys }).filter((input) => tool.input.safeParse(input).success);
}
