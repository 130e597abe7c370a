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
  | 'choice'
  | 'metrics'
  | 'incident_id';

declare module 'zod' {
  interface GlobalMeta {
    param?: ParamKind;
  }
}

/** A tool's input: unknown keys are refused with the names it does take, and rules that join fields hang on it by `refine`. */
export function inputOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')}: not known here; it takes ${known}` : undefined,
  });
}

/** A whole number from `min` to `max`, also as digits in text, because commands and forms carry text. Nothing else is turned into a number. */
export function count(min: number, max: number, example: number) {
  const message = `a whole number from ${min} to ${max}, like ${example}`;
  const Whole = z.int(message).min(min, message).max(max, message);
  return z.preprocess((value) => (typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value), Whole);
}

/** How many rows an answer may have, 1–50. */
export function maxResults(preset: number) {
  return count(1, 50, preset).default(preset).describe('Most rows to answer with, 1 to 50').meta({ param: 'count' });
}

export const regionPattern = /^[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]{1,20}-\d$/;

export const Region = z
  .string()
  .regex(regionPattern, 'a Region looks like eu-west-1')
  .optional()
  .describe('AWS Region; the configured one when left out')
  .meta({ param: 'region' });

/** ' region=eu-west-1' for the text of an action, so that it looks where its card looked; '' for the configured Region. */
export function inRegion(region: string | undefined): string {
  return region === undefined ? '' : ` region=${region}`;
}

/** AWS has had ids of two lengths and no other. */
export const instanceIdPattern = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

export const InstanceId = z
  .string()
  .regex(instanceIdPattern, 'an instance id is i- and 8 or 17 hex digits, like i-0a1b2c3d4e5f60718')
  .describe('EC2 instance id')
  .meta({ param: 'instance_id' });

const ecsName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;

export const Cluster = z
  .string()
  .regex(ecsName, 'a cluster name has letters, digits, - and _, like web-cluster')
  .describe('ECS cluster name')
  .meta({ param: 'cluster' });

export const Service = z
  .string()
  .regex(ecsName, 'a service name has letters, digits, - and _, like checkout')
  .describe('ECS service name')
  .meta({ param: 'service' });

export const Reason = z
  .string()
  .max(300, 'at most 300 characters')
  .optional()
  .describe('Why; shown to approvers')
  .meta({ param: 'reason' });
