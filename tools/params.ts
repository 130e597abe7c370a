import { z } from 'zod';

/** What a piece of a sentence can be recognised as. The phrase matcher and the forms of every surface read it. */
export type ParamKind =
  | 'instance_id'
  | 'alb_arn'
  | 'target_group_arn'
  | 'cluster'
  | 'service'
  | 'count'
  | 'time_window'
  | 'severity'
  | 'text'
  | 'channel'
  | 'link'
  | 'webhook'
  | 'region'
  | 'reason'
  | 'word'
  | 'choice';

declare module 'zod' {
  interface GlobalMeta {
    param?: ParamKind;
  }
}

export const Region = z
  .string()
  .regex(/^[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d$/, 'a Region looks like eu-west-1')
  .optional()
  .describe('AWS Region; the configured one when left out')
  .meta({ param: 'region' });

export const InstanceId = z
  .string()
  .regex(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/, 'an instance id is i- and 8 or 17 hex digits, like i-0a1b2c3d4e5f60718')
  .describe('EC2 instance id')
  .meta({ param: 'instance_id' });

export const Reason = z
  .string()
  .max(300, 'at most 300 characters')
  .optional()
  .describe('Why; shown to approvers')
  .meta({ param: 'reason' });
