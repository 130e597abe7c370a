import {
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { CommandsOf } from './commands.ts';

export const Client = ECSClient;
export const commands: CommandsOf<'ecs'> = {
  listClusters: ListClustersCommand,
  listServices: ListServicesCommand,
  describeServices: DescribeServicesCommand,
  updateService: UpdateServiceCommand,
};
