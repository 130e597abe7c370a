import type { TargetGroup as ElbTargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { z } from 'zod';
import type { Aws } from '../aws/aws.ts';
import { type Collected, collect } from '../aws/pages.ts';

const PAGE_CAP = 5;
const MOST_GROUPS = 500;

/** `state` is 'healthy', 'unhealthy', 'initial', 'draining', 'unused' or 'unavailable'. */
export const TargetHealth = z.object({
  id: z.string(),
  port: z.number(),
  zone: z.string(),
  state: z.string(),
  reason: z.string(),
  description: z.string(),
});
export type TargetHealth = z.output<typeof TargetHealth>;

export const TargetGroup = z.object({
  arn: z.string(),
  name: z.string(),
  /** 'HTTP:80'. */
  listens: z.string(),
  load_balancers: z.array(z.string()),
});
export type TargetGroup = z.output<typeof TargetGroup>;

/** Which target groups to read: those of one load balancer, one by its ARN, or all of the Region. */
export type TargetGroupQuery = { LoadBalancerArn: string } | { TargetGroupArns: string[] } | Record<string, never>;

/** At most 5 pages; `more` says that there are others. */
export async function readTargetGroups(aws: Aws, query: TargetGroupQuery): Promise<Collected<TargetGroup>> {
  const elbv2 = await aws.client('elbv2');
  const readPage = async (Marker: string | undefined) => {
    const answer = await elbv2.describeTargetGroups({ ...query, Marker });
    return { items: (answer.TargetGroups ?? []).map(toTargetGroup), next: answer.NextMarker };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_GROUPS });
}

export async function readTargetHealth(aws: Aws, targetGroupArn: string): Promise<TargetHealth[]> {
  const elbv2 = await aws.client('elbv2');
  const { TargetHealthDescriptions = [] } = await elbv2.describeTargetHealth({ TargetGroupArn: targetGroupArn });
  return TargetHealthDescriptions.map(toTargetHealth);
}

function toTargetGroup(group: ElbTargetGroup): TargetGroup {
  return {
    arn: group.TargetGroupArn ?? '',
    name: group.TargetGroupName ?? 'unknown',
    listens: `${group.Protocol ?? '?'}:${group.Port ?? '?'}`,
    load_balancers: group.LoadBalancerArns ?? [],
  };
}

function toTargetHealth({ Target, TargetHealth: health }: TargetHealthDescription): TargetHealth {
  return {
    id: Target?.Id ?? 'unknown',
    port: Target?.Port ?? 0,
    zone: Target?.AvailabilityZone ?? '',
    state: health?.State ?? 'unknown',
    reason: health?.Reason ?? '',
    description: health?.Description ?? '',
  };
}
