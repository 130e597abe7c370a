import fc from 'fast-check';
import type { Doc } from './openapi-rules.ts';

/** A fuzzer that knows nothing of OpsAgent but its document: calls that keep it, and calls that do not. */
export interface Fuzzed {
  requests: number;
  /** How often each status came. */
  statuses: Record<string, number>;
  /** What the document does not promise, each once, with an example. */
  problems: string[];
}

interface Operation {
  method: string;
  path: string;
  parameters: { name: string; required?: boolean; schema: Schema }[];
  body: Schema | undefined;
  responses: Record<string, { content?: { 'application/json'?: { schema: Schema } } }>;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Calls every operation `runs` times by the book and as often with junk; `seed` replays a run. */
export async function fuzz(
  document: Doc,
  base: string,
  { runs, seed }: { runs: number; seed?: number },
): Promise<Fuzzed> {
  const found: Fuzzed = { requests: 0, statuses: {}, problems: [] };
  const seen = new Set<string>();
  const note = (operation: Operation, problem: string, example: unknown) => {
    const words = `${operation.method.toUpperCase()} ${operation.path}: ${problem}`;
    if (!seen.has(words)) found.problems.push(`${words}, for example ${JSON.stringify(example)?.slice(0, 200)}`);
    seen.add(words);
  };
  for (const operation of operationsOf(document))
    for (const values of [byTheBook(operation), junk])
      for (const value of fc.sample(values, { numRuns: runs, seed })) {
        const { status, text } = await call(base, operation, value);
        found.requests += 1;
        found.statuses[status] = (found.statuses[status] ?? 0) + 1;
        for (const problem of problemsWith(operation, status, text)) note(operation, problem, value);
      }
  return found;
}

function operationsOf({ paths }: Doc): Operation[] {
  return Object.entries(paths as Record<string, Record<string, Doc>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], requestBody, responses }]): Operation => {
      const body = (requestBody as { content: { 'application/json': { schema: Schema } } } | undefined)?.content;
      return { method, path, parameters, body: body?.['application/json'].schema, responses } as Operation;
    }),
  );
}

function byTheBook({ parameters, body }: Operation): fc.Arbitrary<unknown> {
  const schema = body ?? {
    properties: Object.fromEntries(parameters.map(({ name, schema: one }) => [name, one])),
    required: parameters.flatMap(({ name, required }) => (required ? [name] : [])),
  };
  const { properties = {}, required = [] } = schema;
  const fields = Object.entries(properties).map(([name, one]) => [name, oneOf(one)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function oneOf({
  type,
  enum: choices,
  pattern,
  minimum,
  maximum,
  minLength,
  maxLength = 60,
}: Schema): fc.Arbitrary<unknown> {
  if (choices) return fc.constantFrom(...choices);
  if (type === 'integer') return fc.integer({ min: minimum ?? -1_000, max: maximum ?? 1_000 });
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'grapheme' });
}

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom('instance_id', 'region', 'text', 'approval_token', 'severity', '__proto__', ''),
    fc.jsonValue(),
  ),
  fc.constantFrom('{', '', '[]', '{"a":1,"a":2}', '\u0000', '[[[[[[[[[[[[]]]]]]]]]]]]'),
  fc.string({ unit: 'binary' }),
);

async function call(
  base: string,
  { method, path }: Operation,
  value: unknown,
): Promise<{ status: number; text: string }> {
  const response = await fetch(method === 'get' ? `${base}${path}?${queryOf(value)}` : `${base}${path}`, {
    method: method.toUpperCase(),
    headers: { 'content-type': 'application/json' },
    body: method === 'get' ? undefined : typeof value === 'string' ? value : JSON.stringify(value),
  });
  return { status: response.status, text: await response.text() };
}

function queryOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return encodeURIComponent(String(value).toWellFormed());
  const pairs = Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)]);
  return new URLSearchParams(pairs.map(([name = '', one = '']): [string, string] => [name, one])).toString();
}

function problemsWith({ responses }: Operation, status: number, text: string): string[] {
  const promised = responses[status];
  if (status >= 500) return [`status ${status}`];
  if (!promised) return [`undocumented status ${status}`];
  const body = parsed(text);
  if (body === undefined) return ['the body is no JSON'];
  const schema = promised.content?.['application/json']?.schema;
  if (schema) return unlike(schema, body);
  const named = ['type', 'title', 'status', 'detail', 'code', 'hint', 'correlation_id'];
  return named.filter((name) => !(name in body)).map((name) => `problem details of ${status} without ${name}`);
}

function unlike({ properties = {}, required = [] }: Schema, body: Doc): string[] {
  const missing = required.filter((name) => !(name in body)).map((name) => `no ${name}`);
  const wrong = Object.entries(body).filter(([name, value]) => {
    const { type, enum: choices } = properties[name] ?? {};
    return type !== typeof value || (choices !== undefined && !choices.includes(value));
  });
  return [...missing, ...wrong.map(([name]) => `${name} is not as described`)];
}

function parsed(text: string): Doc | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Doc) : undefined;
  } catch {
    return undefined;
  }
}
