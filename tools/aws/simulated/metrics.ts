import { dimensionOf, type InstanceSpec, type ServiceSpec, type TargetGroupSpec } from './estate.ts';
import { chance, hashText } from './random.ts';
import { isSick, rebootsOf, serviceAt, targetsOf, type World } from './world.ts';

/** One metric of one resource, minute by minute: `minute` counts from 1970; undefined where there is no data point. */
export type MetricSeries = (minute: number) => number | undefined;

export interface MetricName {
  namespace: string;
  metric: string;
  /** Dimension name to value. */
  dimensions: Readonly<Record<string, string>>;
}

/** The series CloudWatch would keep for exactly these dimensions; undefined when there is none. */
export function seriesFor(world: World, name: MetricName): MetricSeries | undefined {
  switch (name.namespace) {
    case 'AWS/EC2':
    case 'CWAgent':
      return instanceSeries(world, name);
    case 'AWS/ECS':
      return serviceSeries(world, name);
    case 'AWS/ApplicationELB':
      return balancerSeries(world, name);
    default:
      return undefined;
  }
}

const MINUTE = 60_000;

/** Low at two in the morning UTC, high at two in the afternoon: 0 to 1. */
function dayWave(minute: number): number {
  return 0.5 - 0.5 * Math.cos(((minute - 120) / 1440) * 2 * Math.PI);
}

interface Shape {
  world: World;
  key: number;
}

function moving({ world, key }: Shape, minute: number, usual: number, noise: number): number {
  const wobble = (chance(world.seed, key, minute) - 0.5) * 2 * noise;
  return Math.max(0, usual * (0.75 + 0.5 * dayWave(minute)) + wobble);
}

const percent = (value: number) => Math.round(Math.min(100, Math.max(0, value)) * 100) / 100;

function instanceSeries(world: World, { namespace, metric, dimensions }: MetricName): MetricSeries | undefined {
  const instance = world.estate.instances.find(({ id }) => id === dimensions.InstanceId);
  if (!instance || Object.keys(dimensions).length !== 1 || instance.state === 'stopped') return undefined;
  const value = namespace === 'CWAgent' ? agentMetric(world, instance, metric) : ec2Metric(world, instance, metric);
  return value && ((minute) => (isRebooting(world, instance, minute) ? undefined : value(minute)));
}

/** The minute of a reboot and the one after it have no data points. */
function isRebooting(world: World, instance: InstanceSpec, minute: number): boolean {
  return rebootsOf(world, instance).some(
    (at) => minute - Math.floor(at / MINUTE) >= 0 && minute - Math.floor(at / MINUTE) < 2,
  );
}

function agentMetric(world: World, instance: InstanceSpec, metric: string): MetricSeries | undefined {
  if (metric !== 'mem_used_percent') return undefined;
  const shape = { world, key: hashText(`${instance.id}/memory`) };
  return (minute) => {
    if (!isSick(world, instance, minute * MINUTE)) return percent(moving(shape, minute, instance.memory, 1.5));
    // A leak: three hours up, then the kernel kills the process and it starts again.
    return percent(74 + 24 * ((minute % 180) / 180) + chance(world.seed, shape.key, minute) * 0.4);
  };
}

function ec2Metric(world: World, instance: InstanceSpec, metric: string): MetricSeries | undefined {
  const shape = { world, key: hashText(`${instance.id}/${metric}`) };
  const sickAt = (minute: number) => isSick(world, instance, minute * MINUTE);
  switch (metric) {
    case 'CPUUtilization':
      return (minute) =>
        percent(
          sickAt(minute) ? 91 + 8 * chance(world.seed, shape.key, minute) : moving(shape, minute, instance.cpu, 4),
        );
    case 'NetworkIn':
      return (minute) => Math.round(moving(shape, minute, instance.cpu * 90_000, 400_000) * (sickAt(minute) ? 0.2 : 1));
    case 'NetworkOut':
      return (minute) =>
        Math.round(moving(shape, minute, instance.cpu * 240_000, 900_000) * (sickAt(minute) ? 0.1 : 1));
    case 'StatusCheckFailed':
    case 'StatusCheckFailed_Instance':
      return (minute) => (sickAt(minute) ? 1 : 0);
    case 'StatusCheckFailed_System':
      return () => 0;
    default:
      return undefined;
  }
}

function serviceSeries(world: World, { metric, dimensions }: MetricName): MetricSeries | undefined {
  const { ClusterName, ServiceName, ...others } = dimensions;
  const service = world.estate.services.find(({ cluster, name }) => cluster === ClusterName && name === ServiceName);
  if (!service || Object.keys(others).length > 0) return undefined;
  const shape = { world, key: hashText(`${service.arn}/${metric}`) };
  if (metric === 'CPUUtilization') return (minute) => serviceLoad(shape, service, service.cpu, 97, minute);
  if (metric === 'MemoryUtilization') return (minute) => serviceLoad(shape, service, service.memory, 89, minute);
  return undefined;
}

/** A service that is short of tasks runs hot; otherwise more tasks share the same work. */
function serviceLoad(
  shape: Shape,
  service: ServiceSpec,
  usual: number,
  hot: number,
  minute: number,
): number | undefined {
  const { sick, running } = serviceAt(shape.world, service, minute * MINUTE);
  if (running === 0) return undefined;
  if (sick) return percent(hot - 3 * chance(shape.world.seed, shape.key, minute));
  const tasks = Math.max(service.desired, service.healthyFrom);
  return percent(moving(shape, minute, usual * Math.min(2, tasks / running), 3));
}

function balancerSeries(world: World, { metric, dimensions }: MetricName): MetricSeries | undefined {
  const { LoadBalancer, TargetGroup, ...others } = dimensions;
  if (Object.keys(others).length > 0) return undefined;
  const groups = world.estate.targetGroups.filter(
    ({ arn, loadBalancer }) =>
      dimensionOf(loadBalancer.arn) === LoadBalancer && (TargetGroup === undefined || dimensionOf(arn) === TargetGroup),
  );
  const series = groups.map((group) => groupSeries(world, group, metric)).filter((one) => one !== undefined);
  if (series.length === 0) return undefined;
  if (metric.endsWith('HostCount') && TargetGroup === undefined) return undefined;
  const sum = (minute: number) => series.reduce((total, one) => total + (one(minute) ?? 0), 0);
  return metric === 'TargetResponseTime' ? (minute) => sum(minute) / series.length : sum;
}

function groupSeries(world: World, group: TargetGroupSpec, metric: string): MetricSeries | undefined {
  const shape = { world, key: hashText(`${group.arn}/${metric}`) };
  const unhealthyAt = (minute: number) =>
    targetsOf(world, group, minute * MINUTE).filter(({ state }) => state === 'unhealthy').length;
  const requests = (minute: number) => Math.round(moving(shape, minute, group.requests, group.requests * 0.08));
  switch (metric) {
    case 'RequestCount':
      return requests;
    case 'HTTPCode_Target_5XX_Count':
      return (minute) => Math.round(requests(minute) * (unhealthyAt(minute) > 0 ? 0.043 : 0.0004));
    case 'TargetResponseTime':
      return (minute) =>
        Math.round(moving(shape, minute, unhealthyAt(minute) > 0 ? 2.4 : 0.18, 0.04) * 10_000) / 10_000;
    case 'UnHealthyHostCount':
      return unhealthyAt;
    case 'HealthyHostCount':
      return (minute) => targetsOf(world, group, minute * MINUTE).filter(({ state }) => state === 'healthy').length;
    default:
      return undefined;
  }
}
