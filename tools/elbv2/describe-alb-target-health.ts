import { z } from 'zod';
import type { Action, Cell, Status } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { inputOf, inRegion, instanceIdPattern, Region } from '../params.ts';
import { defineTool } from '../tool.ts';
import { readTargetGroups, readTargetHealth, TargetGroup, TargetHealth } from './target-groups.ts';

const MOST_GROUPS = 20;
const MOST_ROWS = 50;

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333';

const AlbArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]{0,10}:elasticloadbalancing:[a-z0-9-]{1,30}:\d{12}:loadbalancer\/(app|net|gwy)\/[\w-]{1,32}\/[0-9a-f]{1,32}$/,
    `a load balancer ARN looks like ${ARN}:loadbalancer/app/web/50dc6c495c0c9188; a target group goes into target_group_arn`,
  )
  .optional()
  .describe('ARN of a load balancer: all of its target groups are read')
  .meta({ param: 'alb_arn' });

const TargetGroupArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]{0,10}:elasticloadbalancing:[a-z0-9-]{1,30}:\d{12}:targetgroup\/[\w-]{1,32}\/[0-9a-f]{1,32}$/,
    `a target group ARN looks like ${ARN}:targetgroup/web/73e2d6bc24d8a067`,
  )
  .optional()
  .describe('ARN of one target group')
  .meta({ param: 'target_group_arn' });

const Input = inputOf({ alb_arn: AlbArn, target_group_arn: TargetGroupArn, region: Region }).refine(
  ({ alb_arn, target_group_arn }) => (alb_arn === undefined) !== (target_group_arn === undefined),
  { path: ['alb_arn'], error: 'exactly one of alb_arn and target_group_arn; "alb list" shows both' },
);

const Group = TargetGroup.extend({ healthy: z.number(), targets: z.array(TargetHealth) });
type Group = z.output<typeof Group>;
const Output = z.object({ groups: z.array(Group), more: z.boolean() });

/**
 * Health of every target behind a load balancer (its first 20 target groups) or in one target group.
 *
 * @throws OpsError `aws_not_found` for an ARN that is not in this account and Region
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
 */
export const describeAlbTargetHealth = defineTool({
  name: 'describe_alb_target_health',
  title: 'Load balancer target health',
  summary: 'Health, reason and description of each target behind a load balancer or in one target group.',
  effect: 'read',
  command: 'alb health',
  aliases: ['targets'],
  phrases: [
    'target health of {alb_arn}',
    'health of {alb_arn}',
    'which targets of {alb_arn} are unhealthy',
    'unhealthy targets in {target_group_arn}',
    'are the targets of {alb_arn} healthy',
    'target health of {target_group_arn}',
    'check the load balancer {alb_arn}',
    'check target group {target_group_arn}',
  ],
  examples: [`alb health ${ARN}:loadbalancer/app/staging-web/9d5938328ef329a4`],
  iam: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth'],
  input: Input,
  output: Output,

  async execute({ alb_arn, target_group_arn }, { aws }) {
    const query = alb_arn === undefined ? { TargetGroupArns: [target_group_arn ?? ''] } : { LoadBalancerArn: alb_arn };
    const { items, more } = await readTargetGroups(aws, query);
    const groups = await Promise.all(
      items.slice(0, MOST_GROUPS).map(async (group) => {
        const targets = await readTargetHealth(aws, group.arn);
        return { ...group, healthy: targets.filter(({ state }) => state === 'healthy').length, targets };
      }),
    );
    return { groups, more: more || items.length > MOST_GROUPS };
  },

  view({ groups, more }, source, { alb_arn, region }) {
    const targets = groups.flatMap((group) => group.targets);
    const healthy = groups.reduce((sum, group) => sum + group.healthy, 0);
    const searched = `No target groups at ${alb_arn ?? 'that ARN'} in ${source.region}.`;
    const total = groups.length === 0 ? searched : `${healthy} of ${targets.length} targets`;
    const all = { heading: 'All target groups', fields: [{ label: 'Healthy', value: total }] };
    return {
      kind: 'sections',
      title: `Target health: ${targets.length === 0 ? 'no targets' : `${healthy} of ${targets.length} healthy`}`,
      status: overall(groups),
      source,
      sections: groups.length === 1 ? groups.map(sectionOf) : [all, ...groups.map(sectionOf)],
      note: more ? `Only the first ${MOST_GROUPS} target groups are shown.` : undefined,
      actions: actionsFor(targets, region),
    };
  },
});

const TARGET_STATUS: Readonly<Record<string, Status>> = {
  healthy: 'good',
  unhealthy: 'bad',
  initial: 'waiting',
  draining: 'waiting',
  unused: 'neutral',
};

function sectionOf({ name, listens, healthy, targets }: Group) {
  if (targets.length === 0) {
    const value: Cell = { text: 'no targets', status: 'warning' };
    return { heading: `${name} ${listens}: no targets`, fields: [{ label: 'Targets', value }] };
  }
  const worstFirst = [...targets].sort((a, b) => Number(a.state === 'healthy') - Number(b.state === 'healthy'));
  const hidden = targets.length - MOST_ROWS;
  const rest = hidden > 0 ? `, ${MOST_ROWS} shown` : '';
  return {
    heading: `${name} ${listens}: ${healthy} of ${targets.length} healthy${rest}`,
    columns: ['Target', 'Zone', 'State', 'Reason', 'Description'],
    rows: worstFirst.slice(0, MOST_ROWS).map(rowOf),
  };
}

function rowOf({ id, port, zone, state, reason, description }: TargetHealth): Cell[] {
  const health = { text: state, status: TARGET_STATUS[state] ?? 'warning' };
  return [port === 0 ? id : `${id}:${port}`, zone, health, reason, cleanText(description, 200)];
}

/** A group with nothing behind it answers nobody, however healthy the others are. */
function overall(groups: readonly Group[]): Status {
  const targets = groups.flatMap((group) => group.targets);
  if (targets.some(({ state }) => state === 'unhealthy' || state === 'unavailable')) return 'bad';
  if (groups.some((group) => group.targets.length === 0)) return 'warning';
  if (targets.every(({ state }) => state === 'unused')) return 'warning';
  return targets.every(({ state }) => state === 'healthy') ? 'good' : 'waiting';
}

/** The first sick instances can be looked at with one press. */
function actionsFor(targets: readonly TargetHealth[], region: string | undefined): Action[] {
  const sick = targets
    .filter(({ id, state }) => state === 'unhealthy' && instanceIdPattern.test(id))
    .map(({ id }) => id);
  return [...new Set(sick)]
    .slice(0, 3)
    .map((id) => ({ kind: 'say', label: `Status of ${id}`, text: `ec2 status ${id}${inRegion(region)}` }));
}
