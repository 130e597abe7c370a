import type { Deployment, Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { sha256Hex } from '../../../lib/ids.ts';
import type { AwsApis } from '../apis.ts';
import type { ServiceSpec } from './estate.ts';
import { pageOf } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';
import { type ServiceState, serviceAt, type World } from './world.ts';

export function simulatedEcs({ look, change }: Scene): AwsApis['ecs'] {
  return {
    async listClusters({ maxResults, nextToken }) {
      const { estate } = await look();
      const { items, next } = pageOf(estate.clusters, nextToken, pageSize(maxResults, 100), invalidToken);
      return { clusterArns: items.map(({ arn }) => arn), nextToken: next };
    },

    async listServices({ cluster, maxResults, nextToken }) {
      const services = servicesOf(await look(), cluster);
      const { items, next } = pageOf(services, nextToken, pageSize(maxResults, 10), invalidToken);
      return { serviceArns: items.map(({ arn }) => arn), nextToken: next };
    },

    async describeServices({ cluster, services: asked = [], include = [] }) {
      const world = await look();
      const known = servicesOf(world, cluster);
      if (asked.length === 0) throw invalid('Services cannot be empty.');
      if (asked.length > 10) throw invalid('Services cannot contain more than 10 elements.');
      const found = known.filter((service) => asked.some((name) => isNamed(service, name)));
      const missing = asked.filter((name) => !known.some((service) => isNamed(service, name)));
      return {
        services: found.map((service) => describe(world, service, include.includes('TAGS'))),
        failures: missing.map((name) => ({ arn: missingArn(world, cluster, name), reason: 'MISSING' })),
      };
    },

    async updateService({ cluster, service: name = '', desiredCount }) {
      const world = await look();
      const service = servicesOf(world, cluster).find((candidate) => isNamed(candidate, name));
      if (!service) throw serviceError('ServiceNotFoundException', 400, 'Service not found.');
      if (desiredCount === undefined) throw invalid('The simulated estate changes desiredCount only.');
      if (!Number.isInteger(desiredCount) || desiredCount < 0 || desiredCount > 5000) {
        throw invalid('desiredCount must be between 0 and 5000.');
      }
      const after = await change({
        kind: 'scale',
        cluster: service.cluster,
        service: service.name,
        desired: desiredCount,
      });
      return { service: describe(after, service, true) };
    },
  };
}

const invalid = (words: string) => serviceError('InvalidParameterException', 400, words);
const invalidToken = () => invalid('Invalid token.');

function pageSize(asked: number | undefined, usual: number): number {
  if (asked === undefined) return usual;
  if (asked >= 1 && asked <= 100) return asked;
  throw invalid('maxResults must be between 1 and 100.');
}

function servicesOf({ estate }: World, cluster = 'default'): ServiceSpec[] {
  const known = estate.clusters.find(({ name, arn }) => cluster === name || cluster === arn);
  if (!known) throw serviceError('ClusterNotFoundException', 400, 'Cluster not found.');
  return estate.services.filter((service) => service.cluster === known.name);
}

function isNamed(service: ServiceSpec, name: string): boolean {
  return name === service.name || name === service.arn;
}

function missingArn({ estate }: World, cluster = 'default', name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:aws:ecs:${estate.region}:${estate.account.id}:service/${cluster.split('/').at(-1)}/${name}`;
}

function describe(world: World, spec: ServiceSpec, withTags: boolean): Service {
  const state = serviceAt(world, spec);
  return {
    serviceArn: spec.arn,
    serviceName: spec.name,
    clusterArn: spec.clusterArn,
    status: 'ACTIVE',
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    desiredCount: state.desired,
    runningCount: state.running,
    pendingCount: Math.max(0, state.desired - state.running),
    taskDefinition: spec.taskDefinition,
    createdAt: new Date(spec.createdAt),
    deployments: [deploymentOf(spec, state)],
    events: eventsOf(world, spec),
    ...(withTags ? { tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })) } : {}),
  };
}

function deploymentOf(spec: ServiceSpec, { desired, running, steady, sick, updatedAt }: ServiceState): Deployment {
  return {
    id: `ecs-svc/${BigInt(`0x${sha256Hex(spec.arn).slice(0, 15)}`)}`,
    status: 'PRIMARY',
    taskDefinition: spec.taskDefinition,
    desiredCount: desired,
    runningCount: running,
    pendingCount: Math.max(0, desired - running),
    failedTasks: sick ? desired - running : 0,
    createdAt: new Date(spec.createdAt),
    updatedAt: new Date(updatedAt ?? spec.createdAt),
    rolloutState: steady ? 'COMPLETED' : 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${steady ? 'completed' : 'in progress'}.`,
  };
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Newest first, as ECS lists them. */
function eventsOf(world: World, spec: ServiceSpec): ServiceEvent[] {
  const quiet = [0, 6, 12, 18].map((hours) => ({
    at: Math.floor(world.now / (6 * HOUR)) * 6 * HOUR - hours * HOUR,
    words: 'has reached a steady state.',
  }));
  const usual = spec.healthyFrom > 0 ? troubleOf(world, spec) : quiet;
  return [...storyOf(world, spec), ...usual]
    .filter(({ at }) => at <= world.now)
    .sort((a, b) => b.at - a.at)
    .map(({ at, words }) => ({
      id: sha256Hex(`${spec.arn}${at}${words}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
      createdAt: new Date(at),
      message: `(service ${spec.name}) ${words}`,
    }));
}

interface Told {
  at: number;
  words: string;
}

/** What the changes made here have led to so far. */
function storyOf(world: World, spec: ServiceSpec): Told[] {
  return (world.histories.get(`${spec.cluster}/${spec.name}`) ?? []).flatMap(({ at }) => {
    const before = serviceAt(world, spec, at - 1).desired;
    const { desired, sick } = serviceAt(world, spec, at);
    const count = Math.abs(desired - before);
    const moved = desired > before ? `has started ${count} tasks.` : `has stopped ${count} running tasks.`;
    const steady = { at: at + 6_000, words: 'has reached a steady state.' };
    return [...(count > 0 ? [{ at: at + 1_000, words: moved }] : []), ...(sick ? [] : [steady])];
  });
}

/** Tasks of a sick service come up, fail their health checks and are replaced, every four minutes until it is healed. */
function troubleOf(world: World, spec: ServiceSpec): Told[] {
  const round = 4 * MINUTE;
  const changes = world.histories.get(`${spec.cluster}/${spec.name}`) ?? [];
  const healed = changes.find(({ at }) => !serviceAt(world, spec, at).sick)?.at ?? world.now;
  const latest = Math.floor(healed / round) * round;
  return [0, 1].flatMap((ago) => {
    const at = latest - ago * round;
    const task = sha256Hex(`${spec.arn}${at}`).slice(0, 32);
    return [
      { at, words: `has started 2 tasks: (task ${task}).` },
      { at: at - 30_000, words: `has stopped 2 running tasks: (task ${task.slice(16)}${task.slice(0, 16)}).` },
      {
        at: at - MINUTE,
        words: `(port 8080) is unhealthy in (target-group ${spec.name}) due to (reason Health checks failed with these codes: [503]).`,
      },
    ];
  });
}
