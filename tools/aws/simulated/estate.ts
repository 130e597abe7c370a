import { sha256Hex } from '../../../lib/ids.ts';
import { instanceRows } from './estate-instances.ts';
import { alarmRows, groupRows, serviceRows } from './estate-services.ts';

export interface Account {
  id: string;
  alias?: string;
}

export interface InstanceSpec {
  id: string;
  name: string;
  type: string;
  zone: string;
  privateIp: string;
  launchedAt: string;
  state: 'running' | 'stopped';
  tags: Record<string, string>;
  /** Usual percentages around which the metrics move. */
  cpu: number;
  memory: number;
  /** Ill until its first reboot. */
  sick: boolean;
}

export interface ServiceSpec {
  arn: string;
  clusterArn: string;
  cluster: string;
  name: string;
  desired: number;
  /** Two tasks short while fewer than this many are desired. 0: always well. */
  healthyFrom: number;
  taskDefinition: string;
  createdAt: string;
  tags: Record<string, string>;
  cpu: number;
  memory: number;
}

export interface TargetGroupSpec {
  arn: string;
  name: string;
  port: number;
  loadBalancer: LoadBalancerSpec;
  targets: { kind: 'service'; service: ServiceSpec } | { kind: 'instances'; instances: InstanceSpec[] };
  /** Requests a minute at noon. */
  requests: number;
}

export interface LoadBalancerSpec {
  arn: string;
  name: string;
  dnsName: string;
  scheme: 'internet-facing' | 'internal';
  createdAt: string;
}

/** What decides an alarm's state: a story of the estate, or a constant. */
export type AlarmCause =
  | { kind: 'always'; state: 'OK' | 'INSUFFICIENT_DATA' }
  | { kind: 'instance'; instance: InstanceSpec }
  | { kind: 'service'; service: ServiceSpec };

export interface AlarmSpec {
  arn: string;
  name: string;
  description: string;
  namespace: string;
  metric: string;
  statistic: 'Average' | 'Maximum' | 'Sum';
  threshold: number;
  dimensions: { Name: string; Value: string }[];
  cause: AlarmCause;
}

/** Everything that stands in one Region before anyone changes anything. */
export interface Estate {
  region: string;
  account: Account;
  instances: InstanceSpec[];
  clusters: { name: string; arn: string }[];
  services: ServiceSpec[];
  loadBalancers: LoadBalancerSpec[];
  targetGroups: TargetGroupSpec[];
  alarms: AlarmSpec[];
}

export function buildEstate(region: string, account: Account): Estate {
  const instances = instanceRows.filter((row) => row.region === region).map((row) => toInstance(row));
  const services = serviceRows.filter((row) => row.region === region).map((row) => toService(row, account));
  const groups = groupRows.filter((row) => row.region === region);
  const loadBalancers = [...new Set(groups.map((row) => row.loadBalancer))].map((name) =>
    toLoadBalancer(name, region, account),
  );
  const targetGroups = groups.flatMap((row) =>
    toTargetGroup(row, { region, account, instances, services, loadBalancers }),
  );
  const clusters = [...new Set(services.map((service) => service.cluster))].map((name) => ({
    name,
    arn: `arn:aws:ecs:${region}:${account.id}:cluster/${name}`,
  }));
  const standing = { region, account, instances, clusters, services, loadBalancers, targetGroups };
  const alarms = alarmRows.filter((row) => row.region === region).map((row) => toAlarm(row, standing));
  return { ...standing, alarms };
}

type InstanceRow = (typeof instanceRows)[number];
type ServiceRow = (typeof serviceRows)[number];
type GroupRow = (typeof groupRows)[number];
type AlarmRow = (typeof alarmRows)[number];

function toInstance(row: InstanceRow): InstanceSpec {
  return {
    ...row,
    id: row.id ?? `i-0${shortHash(`instance/${row.region}/${row.name}`)}`,
    zone: `${row.region}${row.zone}`,
    state: row.stopped ? 'stopped' : 'running',
    tags: tagsOf({ Name: row.name, ...row }),
    sick: row.sick ?? false,
  };
}

function toService(row: ServiceRow, account: Account): ServiceSpec {
  const prefix = `arn:aws:ecs:${row.region}:${account.id}`;
  return {
    ...row,
    arn: `${prefix}:service/${row.cluster}/${row.name}`,
    clusterArn: `${prefix}:cluster/${row.cluster}`,
    taskDefinition: `${prefix}:task-definition/${row.name}:${row.revision}`,
    healthyFrom: row.healthyFrom ?? 0,
    tags: tagsOf({ ...row, service: row.name }),
  };
}

function toLoadBalancer(name: string, region: string, account: Account): LoadBalancerSpec {
  const id = shortHash(`load-balancer/${region}/${name}`);
  return {
    name,
    arn: `arn:aws:elasticloadbalancing:${region}:${account.id}:loadbalancer/app/${name}/${id}`,
    dnsName: `${name}-${Number.parseInt(id.slice(0, 8), 16)}.${region}.elb.amazonaws.com`,
    scheme: name.startsWith('internal-') ? 'internal' : 'internet-facing',
    createdAt: '2025-01-20T10:02:11Z',
  };
}

function toTargetGroup(
  row: GroupRow,
  { region, account, instances, services, loadBalancers }: Omit<Estate, 'targetGroups' | 'clusters' | 'alarms'>,
): TargetGroupSpec[] {
  const loadBalancer = loadBalancers.find(({ name }) => name === row.loadBalancer);
  const service = services.find(({ name }) => name === row.service);
  if (!loadBalancer) return [];
  const members = instances.filter(({ name }) => row.instances?.includes(name));
  const id = shortHash(`target-group/${region}/${row.name}`);
  return [
    {
      name: row.name,
      arn: `arn:aws:elasticloadbalancing:${region}:${account.id}:targetgroup/${row.name}/${id}`,
      port: row.port,
      requests: row.requests,
      loadBalancer,
      targets: service ? { kind: 'service', service } : { kind: 'instances', instances: members },
    },
  ];
}

function toAlarm(row: AlarmRow, standing: Omit<Estate, 'alarms'>): AlarmSpec {
  const instance = standing.instances.find(({ name }) => name === row.instance);
  const group = standing.targetGroups.find(({ name }) => name === row.group);
  const service = standing.services.find(({ name }) => name === row.group);
  const dimensions: AlarmSpec['dimensions'] = [];
  if (instance) dimensions.push({ Name: 'InstanceId', Value: instance.id });
  if (group) dimensions.push({ Name: 'TargetGroup', Value: dimensionOf(group.arn) });
  if (group) dimensions.push({ Name: 'LoadBalancer', Value: dimensionOf(group.loadBalancer.arn) });
  return {
    ...row,
    arn: `arn:aws:cloudwatch:${row.region}:${standing.account.id}:alarm:${row.name}`,
    dimensions,
    cause: causeOf(row, instance, service),
  };
}

function causeOf(row: AlarmRow, instance?: InstanceSpec, service?: ServiceSpec): AlarmCause {
  if (row.state) return { kind: 'always', state: row.state };
  if (instance) return { kind: 'instance', instance };
  if (service) return { kind: 'service', service };
  return { kind: 'always', state: 'OK' };
}

/** The part of a load balancer's or target group's ARN that CloudWatch uses as a dimension. */
export function dimensionOf(arn: string): string {
  const resource = arn.split(':').at(5) ?? '';
  return resource.replace(/^loadbalancer\//, '');
}

function tagsOf(row: { Name?: string; service: string; team: string; environment: string; managed: boolean }) {
  return {
    ...(row.Name === undefined ? {} : { Name: row.Name }),
    Service: row.service,
    Team: row.team,
    Environment: row.environment,
    ...(row.managed ? { OpsAgentManaged: 'true' } : {}),
  };
}

function shortHash(text: string): string {
  return sha256Hex(`simulated-estate/${text}`).slice(0, 16);
}
