import type { z } from 'zod';
import { plainIssue } from '../../lib/plain-issue.ts';
import { problem, type Reply } from '../http/reply.ts';

/** Names the first field that is wrong, and why. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, hint: string): { value: T } | { refused: Reply } {
  const parsed = schema.safeParse(value, { error: plainIssue });
  if (parsed.success) return { value: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  const message = `${field ? `${field}: ` : ''}${issue?.message ?? 'The request is not understood.'}`;
  return { refused: problem(400, { code: 'input_invalid', message, hint }) };
}

/** A filter that is left empty is a filter that is not set. */
export function queryObject(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([, value]) => value !== ''));
}
