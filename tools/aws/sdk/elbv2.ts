import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CommandsOf } from './commands.ts';

export const Client = ElasticLoadBalancingV2Client;
export const commands: CommandsOf<'elbv2'> = {
  describeLoadBalancers: DescribeLoadBalancersCommand,
  describeTargetGroups: DescribeTargetGroupsCommand,
  describeTargetHealth: DescribeTargetHealthCommand,
};
