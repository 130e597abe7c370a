import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ECS } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAM } from '@aws-sdk/client-iam';
import type { STS } from '@aws-sdk/client-sts';

/** The promise form of one SDK operation, without the response metadata nobody here reads. */
type Operation<Method> = Method extends {
  (args: infer Input, options?: never): Promise<infer Output>;
  (args: never, cb: never): void;
  (args: never, options: never, cb: never): void;
}
  ? (input: Input) => Promise<Omit<Output, '$metadata'>>
  : never;

type Api<Client, Names extends keyof Client> = { [Name in Names]: Operation<Client[Name]> };

/** Every AWS call a tool can make, by service. The simulated estate implements the same interface without the SDK. */
export interface AwsApis {
  ec2: Api<EC2, 'describeInstances' | 'describeInstanceStatus' | 'rebootInstances'>;
  ecs: Api<ECS, 'listClusters' | 'listServices' | 'describeServices' | 'updateService'>;
  cloudwatch: Api<CloudWatch, 'getMetricData' | 'describeAlarms'>;
  elbv2: Api<ElasticLoadBalancingV2, 'describeLoadBalancers' | 'describeTargetGroups' | 'describeTargetHealth'>;
  cloudtrail: Api<CloudTrail, 'lookupEvents'>;
  iam: Api<IAM, 'listUsers' | 'listAccessKeys' | 'getAccessKeyLastUsed'>;
  sts: Api<STS, 'getCallerIdentity'>;
}

export type Service = keyof AwsApis;

/** Unstated means dangerous: an operation is a write unless it is named a read here. */
export const OPERATIONS = {
  ec2: { describeInstances: 'read', describeInstanceStatus: 'read', rebootInstances: 'write' },
  ecs: { listClusters: 'read', listServices: 'read', describeServices: 'read', updateService: 'write' },
  cloudwatch: { getMetricData: 'read', describeAlarms: 'read' },
  elbv2: { describeLoadBalancers: 'read', describeTargetGroups: 'read', describeTargetHealth: 'read' },
  cloudtrail: { lookupEvents: 'read' },
  iam: { listUsers: 'read', listAccessKeys: 'read', getAccessKeyLastUsed: 'read' },
  sts: { getCallerIdentity: 'read' },
} as const satisfies { [S in Service]: Record<keyof AwsApis[S], 'read' | 'write'> };
