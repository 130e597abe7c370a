import type { Filter, Instance, InstanceStatus } from '@aws-sdk/client-ec2';
import type { AwsApis } from '../apis.ts';
import type { InstanceSpec } from './estate.ts';
import { pageOf } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';
import { episodeStart, statusCheckOf, type World } from './world.ts';

export function simulatedEc2({ look, change, estate }: Scene): AwsApis['ec2'] {
  return {
    async describeInstances({ InstanceIds, Filters, MaxResults, NextToken }) {
      const world = await look();
      refuseIdsWithPages(InstanceIds, MaxResults);
      const found = pick(world, InstanceIds).filter((instance) => matchesAll(instance, Filters));
      const { items, next } = pageOf(found, NextToken, pageSize(MaxResults), invalidToken);
      return {
        NextToken: next,
        Reservations: items.map((spec) => ({
          ReservationId: spec.id.replace('i-', 'r-'),
          OwnerId: estate.account.id,
          Instances: [describe(spec)],
        })),
      };
    },

    async describeInstanceStatus({ InstanceIds, MaxResults, NextToken, IncludeAllInstances }) {
      const world = await look();
      refuseIdsWithPages(InstanceIds, MaxResults);
      const found = pick(world, InstanceIds).filter(({ state }) => IncludeAllInstances || state === 'running');
      const { items, next } = pageOf(found, NextToken, pageSize(MaxResults), invalidToken);
      return { NextToken: next, InstanceStatuses: items.map((spec) => describeStatus(world, spec)) };
    },

    async rebootInstances({ InstanceIds = [], DryRun }) {
      const world = await look();
      if (InstanceIds.length === 0)
        throw serviceError('MissingParameter', 400, 'The request must contain the parameter InstanceId');
      const specs = pick(world, InstanceIds);
      const stopped = specs.find(({ state }) => state === 'stopped');
      if (stopped) {
        const words = `The instance '${stopped.id}' is not in a state from which it can be rebooted.`;
        throw serviceError('IncorrectInstanceState', 400, words);
      }
      if (DryRun) throw serviceError('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.');
      for (const { id } of specs) await change({ kind: 'reboot', instanceId: id });
      return {};
    },
  };
}

const invalidToken = () => serviceError('InvalidNextToken', 400, "The token '[redacted]' is invalid");

function pageSize(asked: number | undefined): number {
  if (asked === undefined) return 1000;
  if (asked >= 5 && asked <= 1000) return asked;
  throw serviceError(
    'InvalidParameterValue',
    400,
    `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
  );
}

function refuseIdsWithPages(ids: readonly string[] | undefined, size: number | undefined): void {
  if (!ids?.length || size === undefined) return;
  const words = 'The parameter instancesSet cannot be used with the parameter maxResults';
  throw serviceError('InvalidParameterCombination', 400, words);
}

/** The asked instances, or all; an unknown id fails the whole call, as EC2 does. */
function pick(world: World, ids: readonly string[] = []): InstanceSpec[] {
  if (ids.length === 0) return world.estate.instances;
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) {
    throw serviceError('InvalidInstanceID.Malformed', 400, `Invalid id: "${malformed}"`);
  }
  const missing = ids.filter((id) => !world.estate.instances.some((instance) => instance.id === id));
  if (missing.length > 0) {
    const words = missing.length === 1 ? `ID '${missing[0]}' does` : `IDs '${missing.join(', ')}' do`;
    throw serviceError('InvalidInstanceID.NotFound', 400, `The instance ${words} not exist`);
  }
  return world.estate.instances.filter(({ id }) => ids.includes(id));
}

function matchesAll(instance: InstanceSpec, filters: readonly Filter[] = []): boolean {
  return filters.every(({ Name = '', Values = [] }) => {
    const actual = filterable(instance, Name);
    return Values.some((value) => actual.some((text) => wildcard(value).test(text)));
  });
}

function filterable(instance: InstanceSpec, name: string): string[] {
  if (name.startsWith('tag:')) return [instance.tags[name.slice(4)]].filter((value) => value !== undefined);
  switch (name) {
    case 'tag-key':
      return Object.keys(instance.tags);
    case 'instance-id':
      return [instance.id];
    case 'instance-state-name':
      return [instance.state];
    case 'instance-type':
      return [instance.type];
    case 'availability-zone':
      return [instance.zone];
    case 'private-ip-address':
      return [instance.privateIp];
    default:
      throw serviceError('InvalidParameterValue', 400, `The filter '${name}' is invalid`);
  }
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

function describe(spec: InstanceSpec): Instance {
  return {
    InstanceId: spec.id,
    InstanceType: spec.type as Instance['InstanceType'],
    LaunchTime: new Date(spec.launchedAt),
    Placement: { AvailabilityZone: spec.zone },
    PrivateIpAddress: spec.privateIp,
    State: spec.state === 'running' ? { Code: 16, Name: 'running' } : { Code: 80, Name: 'stopped' },
    Monitoring: { State: 'enabled' },
    Architecture: 'x86_64',
    Tags: Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function describeStatus(world: World, spec: InstanceSpec): InstanceStatus {
  const stopped = spec.state === 'stopped';
  const check = stopped ? 'not-applicable' : statusCheckOf(world, spec);
  const impaired = check === 'impaired' ? { ImpairedSince: new Date(episodeStart(world.now, 6)) } : {};
  return {
    InstanceId: spec.id,
    AvailabilityZone: spec.zone,
    InstanceState: stopped ? { Code: 80, Name: 'stopped' } : { Code: 16, Name: 'running' },
    InstanceStatus: {
      Status: check,
      Details: stopped ? [] : [{ Name: 'reachability', Status: REACHABILITY[check], ...impaired }],
    },
    SystemStatus: {
      Status: check === 'impaired' ? 'ok' : check,
      Details: stopped ? [] : [{ Name: 'reachability', Status: check === 'initializing' ? 'initializing' : 'passed' }],
    },
    Events: [],
  };
}

const REACHABILITY = {
  ok: 'passed',
  impaired: 'failed',
  initializing: 'initializing',
  'not-applicable': 'insufficient-data',
} as const;
