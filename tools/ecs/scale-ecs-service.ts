import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { guardTags } from '../environment.ts';
import { Cluster, count, inputOf, Reason, Region, Service } from '../params.ts';
import { defineTool, type Verification } from '../tool.ts';
import { scaleImpact, scaleRisk } from './scale-risk.ts';
import { type EcsServiceFacts, primaryOf, readService } from './service.ts';

const Input = inputOf({
  cluster: Cluster,
  service: Service,
  desired_count: count(0, 1000, 4).describe('How many tasks should run, 0 to 1000').meta({ param: 'count' }),
  reason: Reason,
  region: Region,
});

const Output = z.object({
  cluster: z.string(),
  service: z.string(),
  desired_count: z.number(),
  running_count: z.number(),
  initiated_at: z.string(),
});

/**
 * Sets how many tasks an ECS service should run: an absolute number, so it can be read back and repeated without harm.
 * The rollout is watched until it is COMPLETED and as many tasks run as are wanted.
 *
 * @throws OpsError `not_found`; `input_invalid` when the count is already set, the service is not active, or it is a daemon
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export const scaleEcsService = defineTool({
  name: 'scale_ecs_service',
  title: 'Scale ECS service',
  summary: 'Sets the number of tasks an ECS service runs, after approval; the rollout is watched to steady state.',
  effect: 'write',
  recovery: 'convergent',
  command: 'ecs scale',
  aliases: ['scale'],
  phrases: [
    'scale {service} in {cluster} to {desired_count}',
    'scale service {service} in {cluster} to {desired_count} tasks',
    'scale {cluster}/{service} to {desired_count}',
    'set {service} in {cluster} to {desired_count} tasks',
    'run {desired_count} tasks of {service} in {cluster}',
    'scale up {service} in {cluster} to {desired_count}',
    'scale down {service} in {cluster} to {desired_count}',
    'scale out {service} in {cluster} to {desired_count}',
    'increase {service} in {cluster} to {desired_count}',
    'change desired count of {service} in {cluster} to {desired_count}',
    'scale {service} in {cluster} to {desired_count} because {reason}',
  ],
  examples: ['ecs scale main checkout 6', 'ecs scale main checkout 6 reason="launch traffic"'],
  iam: ['ecs:DescribeServices', 'ecs:UpdateService'],
  input: Input,
  output: Output,

  async plan({ cluster, service: name, desired_count }, { aws }) {
    const service = await readService(aws, cluster, name);
    refuseUnlessScalable(service, desired_count);
    const { desired, running } = service;
    return {
      action: `Scale ECS service ${cluster}/${service.name} from ${desired} to ${desired_count} task${desired_count === 1 ? '' : 's'}`,
      targets: [{ arn: service.arn, id: `${cluster}/${service.name}`, label: service.name, tags: service.tags }],
      changes: [{ field: 'desired count', before: `${desired} (${running} running)`, after: String(desired_count) }],
      snapshot: snapshotOf(service),
      ...scaleRisk(service, desired_count),
      impact: scaleImpact(service, desired_count),
      warnings: warningsFor(service, desired_count),
    };
  },

  async execute({ cluster, service, desired_count }, { aws, clock }) {
    const ecs = await aws.client('ecs');
    const initiatedAt = new Date(clock.now()).toISOString();
    const answer = await ecs.updateService({ cluster, service, desiredCount: desired_count });
    return {
      cluster,
      service,
      desired_count: answer.service?.desiredCount ?? desired_count,
      running_count: answer.service?.runningCount ?? 0,
      initiated_at: initiatedAt,
    };
  },

  async verify({ cluster, service, desired_count }, _planned, { aws }) {
    return judge(await readService(aws, cluster, service), desired_count);
  },
  verifyWithinMs: 15 * 60_000,

  undo({ snapshot }, { cluster, service, region }) {
    const before = snapshot.desired_count;
    if (typeof before !== 'number') return undefined;
    return { cluster, service, desired_count: before, ...(region !== undefined && { region }) };
  },

  outcome: ({ desired_count, running_count, initiated_at }) => [
    { label: 'Initiated', value: { at: initiated_at } },
    { label: 'Tasks', value: `${desired_count} desired, ${running_count} running when it was sent` },
  ],
});

function refuseUnlessScalable({ name, cluster, status, scheduling, desired }: EcsServiceFacts, wanted: number): void {
  const refuse = (message: string, hint: string) => {
    throw new OpsError('input_invalid', message, { hint, facts: { field: 'desired_count' } });
  };
  if (status !== 'ACTIVE')
    refuse(
      `Service ${cluster}/${name} is ${status}; only an ACTIVE service can be scaled.`,
      `List the services with "ecs list ${cluster}".`,
    );
  if (scheduling === 'DAEMON')
    refuse(
      `Service ${cluster}/${name} is a daemon: it runs one task on each host.`,
      'Its count follows the number of hosts.',
    );
  if (desired === wanted)
    refuse(
      `Service ${cluster}/${name} already has a desired count of ${desired}: there is nothing to change.`,
      'Name another desired_count.',
    );
}

function snapshotOf(service: EcsServiceFacts) {
  return {
    arn: service.arn,
    desired_count: service.desired,
    task_definition: service.task_definition,
    deployment: primaryOf(service)?.id ?? '',
    tags: guardTags(service.tags),
  };
}

function warningsFor({ deployments, running, desired }: EcsServiceFacts, wanted: number): string[] {
  const rolling = deployments.length > 1 ? ['A deployment is still rolling out.'] : [];
  const short =
    wanted > desired && running < desired
      ? [`Only ${running} of ${desired} tasks run now: new tasks may not start either.`]
      : [];
  return [...rolling, ...short];
}

function judge(service: EcsServiceFacts, wanted: number): Verification {
  const { desired, running } = service;
  const rollout = primaryOf(service)?.rollout ?? 'unknown';
  const text = `${running} of ${desired} tasks run; rollout ${rollout}.`;
  if (desired !== wanted)
    return { state: 'contradicted', text: `${text} The desired count is not ${wanted}: something else changed it.` };
  if (rollout === 'FAILED') return { state: 'contradicted', text };
  return { state: isSteady(service) ? 'confirmed' : 'pending', text };
}

/**
 * What AWS's own waiter calls stable: one deployment, and as many tasks running as desired. A rollout's state may lag behind.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/ecs/wait/services-stable.html
 */
function isSteady({ deployments, desired, running }: EcsServiceFacts): boolean {
  return deployments.length === 1 && running === desired;
}
