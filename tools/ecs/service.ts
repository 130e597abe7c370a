import type { Deployment as EcsDeployment, Service as EcsService } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import type { Status } from '../../cards/view.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Aws } from '../aws/aws.ts';
import { tagsOf } from '../environment.ts';

export const Deployment = z.object({
  id: z.string(),
  /** 'PRIMARY' is the wanted one. */
  status: z.string(),
  rollout: z.string(),
  rollout_reason: z.string(),
  task_definition: z.string(),
  desired: z.number(),
  running: z.number(),
  failed: z.number(),
});

/** One ECS service as the tools speak of it. */
export const EcsServiceFacts = z.object({
  arn: z.string(),
  cluster: z.string(),
  name: z.string(),
  /** 'ACTIVE', 'DRAINING' or 'INACTIVE'. */
  status: z.string(),
  /** 'REPLICA' or 'DAEMON'. */
  scheduling: z.string(),
  desired: z.number(),
  running: z.number(),
  pending: z.number(),
  task_definition: z.string(),
  launch_type: z.string(),
  deployments: z.array(Deployment),
  /** Newest first, at most five. */
  events: z.array(z.object({ at: z.string(), message: z.string() })),
  tags: z.record(z.string(), z.string()),
});
export type EcsServiceFacts = z.output<typeof EcsServiceFacts>;

/**
 * Reads one service with its tags.
 *
 * @throws OpsError `aws_not_found` for an unknown cluster, `not_found` for an unknown service
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
 */
export async function readService(aws: Aws, cluster: string, service: string): Promise<EcsServiceFacts> {
  const ecs = await aws.client('ecs');
  const { services = [] } = await ecs.describeServices({ cluster, services: [service], include: ['TAGS'] });
  const [found] = services;
  if (found) return toService(cluster, found);
  throw new OpsError(
    'not_found',
    `There is no service ${service} in cluster ${cluster}, ${aws.region}, account ${aws.account.id}.`,
    {
      hint: `List the services with "ecs list ${cluster}", or name another Region with region=….`,
    },
  );
}

export function toService(cluster: string, service: EcsService): EcsServiceFacts {
  return {
    arn: service.serviceArn ?? '',
    cluster,
    name: service.serviceName ?? 'unknown',
    status: service.status ?? 'unknown',
    scheduling: service.schedulingStrategy ?? 'REPLICA',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    task_definition: lastPart(service.taskDefinition ?? 'unknown'),
    launch_type: service.launchType ?? 'unknown',
    deployments: (service.deployments ?? []).map(toDeployment),
    events: (service.events ?? [])
      .map(({ createdAt, message = '' }) => ({ at: createdAt?.toISOString() ?? '', message }))
      .sort((a, b) => b.at.localeCompare(a.at))
      .slice(0, 5),
    tags: tagsOf(service.tags, ({ key, value }) => [key, value]),
  };
}

function toDeployment(deployment: EcsDeployment): z.output<typeof Deployment> {
  return {
    id: deployment.id ?? 'unknown',
    status: deployment.status ?? 'unknown',
    rollout: deployment.rolloutState ?? 'unknown',
    rollout_reason: deployment.rolloutStateReason ?? '',
    task_definition: lastPart(deployment.taskDefinition ?? 'unknown'),
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    failed: deployment.failedTasks ?? 0,
  };
}

export function primaryOf(service: EcsServiceFacts) {
  return service.deployments.find(({ status }) => status === 'PRIMARY');
}

/** Bad: a rollout failed, or nothing runs that should. Waiting: tasks or a rollout still move. Neutral: stopped on purpose, not healthy. */
export function serviceHealth(service: EcsServiceFacts): Status {
  const { desired, running, status } = service;
  if (status !== 'ACTIVE') return 'warning';
  if (primaryOf(service)?.rollout === 'FAILED' || (desired > 0 && running === 0)) return 'bad';
  if (isStopped(service)) return 'neutral';
  if (running < desired) return 'warning';
  return running > desired || service.deployments.length > 1 ? 'waiting' : 'good';
}

/** How every card says that a service has no tasks because it should have none. */
export const STOPPED = 'stopped: desired 0';

/** '2 of 4', with why it is not as it should be: 'stopped: desired 0', '4 of 4, rollout failed'. */
export function taskText(service: EcsServiceFacts): string {
  const { desired, running, status, deployments } = service;
  const count = `${running} of ${desired}`;
  if (status !== 'ACTIVE') return `${count}, service ${status}`;
  if (primaryOf(service)?.rollout === 'FAILED') return `${count}, rollout failed`;
  if (isStopped(service)) return STOPPED;
  return deployments.length > 1 ? `${count}, rolling out` : count;
}

export function isStopped({ desired, running }: EcsServiceFacts): boolean {
  return desired === 0 && running === 0;
}

/** What follows the last slash: a name out of an ARN. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
