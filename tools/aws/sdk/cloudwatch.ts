import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CommandsOf } from './commands.ts';

export const Client = CloudWatchClient;
export const commands: CommandsOf<'cloudwatch'> = {
  getMetricData: GetMetricDataCommand,
  describeAlarms: DescribeAlarmsCommand,
};
