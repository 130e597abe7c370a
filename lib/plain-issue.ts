import type { z } from 'zod';

/**
 * What is said of a value that is missing or of another type, where a schema has no words of its own: "missing", "text is
 * needed". For `safeParse(value, { error: plainIssue })`; of anything else zod's words stand.
 */
export const plainIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'missing';
  const needed = KINDS[issue.expected];
  return needed && `${needed} is needed`;
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};
