import { z } from 'zod';
import type { MODES } from './modes.ts';

/** The keys of the role that changes are made with; docs/aws-roles.md goes through it. */
export const awsKeys = {
  AWS_WRITE_ROLE_ARN: z
    .string()
    .regex(
      /^arn:aws[a-z-]{0,12}:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      'use the ARN of a role, for example arn:aws:iam::123456789012:role/OpsAgentWrite',
    )
    .optional(),
  AWS_WRITE_EXTERNAL_ID: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'use 2 to 1224 letters, digits or _+=,.@:/- as the trust policy of the role says')
    .optional(),
  /** Tags on a session are refused by a role whose trust policy does not allow `sts:TagSession`. */
  AWS_WRITE_SESSION_TAGS: z.stringbool('use true or false').default(false),
  AWS_REQUIRE_WRITE_ROLE: z.stringbool('use true or false').default(false),
};

type Aws = z.output<z.ZodObject<typeof awsKeys>>;
interface Issue {
  key: keyof typeof awsKeys;
  message: string;
}

/** Half a set-up is refused at start, not at the first change. */
export function awsIssues(aws: Aws, mode: (typeof MODES)[number]): Issue[] {
  if (aws.AWS_WRITE_ROLE_ARN !== undefined) return [];
  const needs = 'name the role that changes are made with';
  if (aws.AWS_REQUIRE_WRITE_ROLE && mode !== 'LOCAL_MOCK')
    return [{ key: 'AWS_WRITE_ROLE_ARN', message: `${needs}, because AWS_REQUIRE_WRITE_ROLE=true` }];
  const idle = aws.AWS_WRITE_EXTERNAL_ID !== undefined ? 'AWS_WRITE_EXTERNAL_ID' : undefined;
  return idle ? [{ key: 'AWS_WRITE_ROLE_ARN', message: `${needs}, or take ${idle} away` }] : [];
}
