import type { Instance as Ec2Instance, InstanceStatus } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Cell, Status } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Aws } from '../aws/aws.ts';
import { tagsOf } from '../environment.ts';

/** One EC2 instance as the tools speak of it. A check is 'ok', 'impaired', 'initializing', 'insufficient-data', 'not-applicable' or 'unknown'. */
export const Instance = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  type: z.string(),
  zone: z.string(),
  private_ip: z.string(),
  /** ISO 8601, UTC; '' when AWS did not say. */
  launch_time: z.string(),
  system_check: z.string(),
  instance_check: z.string(),
  tags: z.record(z.string(), z.string()),
});
export type Instance = z.output<typeof Instance>;

/**
 * Reads one instance and both of its status checks: two calls.
 *
 * @throws OpsError `aws_not_found` as AWS says it, `not_found` when AWS answers with nothing
 */
export async function readInstance(aws: Aws, id: string): Promise<Instance> {
  const ec2 = await aws.client('ec2');
  const [described, statuses] = await Promise.all([
    ec2.describeInstances({ InstanceIds: [id] }),
    ec2.describeInstanceStatus({ InstanceIds: [id], IncludeAllInstances: true }),
  ]);
  const instances = (described.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
  const instance = instances.find((candidate) => candidate.InstanceId === id);
  if (instance)
    return toInstance(
      instance,
      statuses.InstanceStatuses?.find((status) => status.InstanceId === id),
    );
  throw new OpsError('not_found', `There is no instance ${id} in ${aws.region} of account ${aws.account.id}.`, {
    hint: 'List the instances with "ec2 list", or name another Region with region=….',
  });
}

export function toInstance(instance: Ec2Instance, status: InstanceStatus | undefined): Instance {
  const tags = tagsOf(instance.Tags, ({ Key, Value }) => [Key, Value]);
  return {
    id: instance.InstanceId ?? 'unknown',
    name: tags.Name ?? '',
    state: instance.State?.Name ?? 'unknown',
    type: instance.InstanceType ?? 'unknown',
    zone: instance.Placement?.AvailabilityZone ?? 'unknown',
    private_ip: instance.PrivateIpAddress ?? '',
    launch_time: instance.LaunchTime?.toISOString() ?? '',
    ...checksOf(status),
    tags,
  };
}

export function checksOf(status: InstanceStatus | undefined): Pick<Instance, 'system_check' | 'instance_check'> {
  return {
    system_check: status?.SystemStatus?.Status ?? 'unknown',
    instance_check: status?.InstanceStatus?.Status ?? 'unknown',
  };
}

export function instanceArn(aws: Aws, id: string): string {
  const partition = aws.region.startsWith('cn-') ? 'aws-cn' : aws.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:ec2:${aws.region}:${aws.account.id}:instance/${id}`;
}

/** 'i-0abc (web-1)', with a name anyone may have written: cleaned and cut, because it stands on approval cards. */
export function instanceLabel({ id, name }: { id: string; name: string }): string {
  return name === '' ? id : `${id} (${cleanText(name, 60)})`;
}

/** Bad: a check is impaired. Warning: it is not running, or a check has no verdict yet. */
export function healthOf({
  state,
  system_check,
  instance_check,
}: Pick<Instance, 'state' | 'system_check' | 'instance_check'>): Status {
  const checks = [system_check, instance_check];
  if (checks.includes('impaired')) return 'bad';
  if (state === 'pending' || checks.includes('initializing')) return 'waiting';
  if (state !== 'running') return 'warning';
  return checks.every((check) => check === 'ok') ? 'good' : 'warning';
}

/** 'running, instance check impaired': the state, and of a running instance the checks that are not ok. */
export function stateText({
  state,
  system_check,
  instance_check,
}: Pick<Instance, 'state' | 'system_check' | 'instance_check'>): string {
  if (state !== 'running') return state;
  if (system_check === instance_check) return system_check === 'ok' ? state : `${state}, both checks ${system_check}`;
  const system = system_check === 'ok' ? '' : `, system check ${system_check}`;
  const own = instance_check === 'ok' ? '' : `, instance check ${instance_check}`;
  return `${state}${system}${own}`;
}

const CHECK_STATUS: Readonly<Record<string, Status>> = { ok: 'good', impaired: 'bad', initializing: 'waiting' };

export function checkCell(check: string): Cell {
  return { text: check, status: CHECK_STATUS[check] ?? 'neutral' };
}
