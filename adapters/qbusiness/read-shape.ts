import type { z } from 'zod';
import { plainIssue } from '../../lib/plain-issue.ts';
import type { Reply } from '../http/reply.ts';
import { wrongCall } from './problem.ts';

/** Names the first field that is wrong, and what would be right. */
export function read<T>(schema: z.ZodType<T>, value: unknown, hint: string): { value: T } | { refused: Reply } {
  const parsed = schema.safeParse(value, { error: plainIssue });
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.');
  const message = `${field ? `${field}: ` : ''}${issue?.message ?? 'not understood'}`;
  return { refused: wrongCall(400, 'input_invalid', message, hint) };
}
