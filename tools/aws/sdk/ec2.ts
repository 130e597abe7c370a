import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { CommandsOf } from './commands.ts';

export const Client = EC2Client;
export const commands: CommandsOf<'ec2'> = {
  describeInstances: DescribeInstancesCommand,
  describeInstanceStatus: DescribeInstanceStatusCommand,
  rebootInstances: RebootInstancesCommand,
};
