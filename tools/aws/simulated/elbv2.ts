import type { AwsApis } from '../apis.ts';
import type { LoadBalancerSpec, TargetGroupSpec } from './estate.ts';
import { pageOf } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';
import { targetsOf } from './world.ts';

export function simulatedElbv2({ look }: Scene): AwsApis['elbv2'] {
  return {
    async describeLoadBalancers({ LoadBalancerArns, Names, Marker, PageSize }) {
      const { estate } = await look();
      const found = named(estate.loadBalancers, { arns: LoadBalancerArns, names: Names, ...BALANCERS });
      const { items, next } = pageOf(found, Marker, pageSize(PageSize), invalidMarker);
      return { LoadBalancers: items.map((spec) => describeBalancer(spec, estate.region)), NextMarker: next };
    },

    async describeTargetGroups({ LoadBalancerArn, TargetGroupArns, Names, Marker, PageSize }) {
      const { estate } = await look();
      if (LoadBalancerArn !== undefined) named(estate.loadBalancers, { arns: [LoadBalancerArn], ...BALANCERS });
      const found = named(estate.targetGroups, { arns: TargetGroupArns, names: Names, ...GROUPS }).filter(
        ({ loadBalancer }) => LoadBalancerArn === undefined || loadBalancer.arn === LoadBalancerArn,
      );
      const { items, next } = pageOf(found, Marker, pageSize(PageSize), invalidMarker);
      return { TargetGroups: items.map(describeGroup), NextMarker: next };
    },

    async describeTargetHealth({ TargetGroupArn = '', Targets }) {
      const world = await look();
      const groups = named(world.estate.targetGroups, { arns: [TargetGroupArn], ...GROUPS });
      const asked = Targets?.map(({ Id }) => Id);
      return {
        TargetHealthDescriptions: groups.flatMap((group) =>
          targetsOf(world, group)
            .filter(({ id }) => asked === undefined || asked.includes(id))
            .map(({ id, zone, state, reason, description }) => ({
              Target: { Id: id, Port: group.port, AvailabilityZone: zone },
              HealthCheckPort: String(group.port),
              TargetHealth: { State: state, Reason: reason, Description: description },
            })),
        ),
      };
    },
  };
}

const BALANCERS = { kind: 'load balancer', missing: 'LoadBalancerNotFound' } as const;
const GROUPS = { kind: 'target group', missing: 'TargetGroupNotFound' } as const;

const invalidMarker = () => serviceError('ValidationError', 400, 'The specified marker is not valid');

function pageSize(asked = 400): number {
  if (asked >= 1 && asked <= 400) return asked;
  throw serviceError('ValidationError', 400, `The value '${asked}' of PageSize must be between 1 and 400`);
}

interface Wanted {
  arns?: readonly string[];
  names?: readonly string[];
  kind: 'load balancer' | 'target group';
  missing: string;
}

/** The named things, or all when nothing is named; anything missing fails the whole call, as AWS does. */
function named<T extends { arn: string; name: string }>(
  all: readonly T[],
  { arns, names, kind, missing }: Wanted,
): T[] {
  const resource = kind === 'load balancer' ? 'loadbalancer' : 'targetgroup';
  const malformed = arns?.find(
    (arn) => !new RegExp(`^arn:aws[\\w-]*:elasticloadbalancing:[^:]+:\\d+:${resource}/.+`).test(arn),
  );
  if (malformed !== undefined) throw serviceError('ValidationError', 400, `'${malformed}' is not a valid ${kind} ARN`);
  const found = all.filter((one) => (arns?.includes(one.arn) ?? true) && (names?.includes(one.name) ?? true));
  const asked = arns?.length ?? names?.length;
  if (asked !== undefined && found.length < asked) throw serviceError(missing, 400, `One or more ${kind}s not found`);
  return found;
}

function describeBalancer(spec: LoadBalancerSpec, region: string) {
  return {
    LoadBalancerArn: spec.arn,
    LoadBalancerName: spec.name,
    DNSName: spec.dnsName,
    Scheme: spec.scheme,
    Type: 'application' as const,
    State: { Code: 'active' as const },
    CreatedTime: new Date(spec.createdAt),
    VpcId: 'vpc-0acc0ada7e5e1ec70',
    AvailabilityZones: ['a', 'b', 'c'].map((zone) => ({ ZoneName: `${region}${zone}` })),
  };
}

function describeGroup(spec: TargetGroupSpec) {
  return {
    TargetGroupArn: spec.arn,
    TargetGroupName: spec.name,
    Protocol: 'HTTP' as const,
    Port: spec.port,
    TargetType: spec.targets.kind === 'service' ? ('ip' as const) : ('instance' as const),
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 15,
    LoadBalancerArns: [spec.loadBalancer.arn],
    VpcId: 'vpc-0acc0ada7e5e1ec70',
  };
}
