import { setTimeout as pause } from 'node:timers/promises';
import type { AwsApis, Service } from '../tools/aws/apis.ts';
import type { AwsProvider } from '../tools/aws/aws.ts';
import { DEFAULT_DEADLINES, guard, sendTo } from '../tools/aws/guard.ts';

const ACCOUNT = { id: '123456789012', alias: 'bench' };
const LAUNCHED = new Date('2026-01-05T08:00:00Z');

/**
 * AWS that costs nothing and knows every instance id: running, managed, not production. So each id is a new proposal, and
 * what is measured is OpsAgent. `waitMs`: how long each answer takes.
 */
export function quickAws(waitMs = 0): AwsProvider {
  const answer = async <T>(value: T): Promise<T> => {
    if (waitMs > 0) await pause(waitMs);
    return value;
  };
  const apis: Record<Service, object> = {
    ec2: {
      describeInstances: ({ InstanceIds }: { InstanceIds?: string[] }) =>
        answer({ Reservations: [{ Instances: (InstanceIds ?? someIds()).map(instance) }] }),
      describeInstanceStatus: ({ InstanceIds }: { InstanceIds?: string[] }) =>
        answer({ InstanceStatuses: (InstanceIds ?? someIds()).map(status) }),
    },
    elbv2: { describeTargetGroups: () => answer({ TargetGroups: [] }) },
    ecs: {},
    cloudwatch: {},
    cloudtrail: {},
    iam: {},
    sts: {},
  };
  return {
    async open({ region = 'eu-west-1', signal, permit }) {
      const deadlines = { ...DEFAULT_DEADLINES, readMs: DEFAULT_DEADLINES.readMs + waitMs };
      const terms = { region, mode: 'LOCAL_MOCK' as const, signal, permit, deadlines };
      const client = async <S extends Service>(service: S): Promise<AwsApis[S]> =>
        guard(service, sendTo(apis[service]), terms);
      return { account: ACCOUNT, region, mode: 'LOCAL_MOCK', client };
    },
  };
}

/** The n-th instance id of a run. */
export const instanceId = (n: number): string => `i-${n.toString(16).padStart(17, '0')}`;

const someIds = (): string[] => Array.from({ length: 20 }, (_, n) => instanceId(n));

function instance(id: string) {
  return {
    InstanceId: id,
    State: { Name: 'running' },
    InstanceType: 'm7g.large',
    Placement: { AvailabilityZone: 'eu-west-1a' },
    PrivateIpAddress: '10.0.4.20',
    LaunchTime: LAUNCHED,
    Tags: [
      { Key: 'Name', Value: `web-${id.slice(-5)}` },
      { Key: 'OpsAgentManaged', Value: 'true' },
      { Key: 'Environment', Value: 'staging' },
    ],
  };
}

function status(id: string) {
  return { InstanceId: id, SystemStatus: { Status: 'ok' }, InstanceStatus: { Status: 'ok' } };
}
