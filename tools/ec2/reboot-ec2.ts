import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { expectDryRun } from '../aws/errors.ts';
import { environmentOf, guardTags } from '../environment.ts';
import { InstanceId, inputOf, Reason, Region } from '../params.ts';
import { defineTool, type PlannedChange, type Verification } from '../tool.ts';
import { type Instance, instanceArn, instanceLabel, readInstance } from './instance.ts';
import { readServed, type Served } from './reboot-impact.ts';

const MINUTE = 60_000;
const CHECK_AFTER = 2 * MINUTE;
/** AWS forces a hard reboot when the guest has not shut down after a few minutes. */
const EXPECTED_WITHIN = 5 * MINUTE;

const Input = inputOf({ instance_id: InstanceId, reason: Reason, region: Region });

const Output = z.object({
  instance_id: z.string(),
  initiated_at: z.string(),
  expected_by: z.string(),
  check_after: z.string(),
});

/**
 * Reboots one running instance. AWS only queues the request: its answer is no proof, so the status checks are read afterwards.
 * Each request sent is a reboot, so it is sent once and never again for the same approval.
 *
 * @throws OpsError `aws_not_found`; `input_invalid` for an instance that is not running
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
 */
export const rebootEc2 = defineTool({
  name: 'reboot_ec2',
  title: 'Reboot EC2 instance',
  summary: 'Reboots one running EC2 instance, after approval; its status checks are watched until they are ok again.',
  effect: 'write',
  recovery: 'pulse',
  command: 'ec2 reboot',
  aliases: ['reboot', 'restart'],
  phrases: [
    'reboot {instance_id}',
    'restart {instance_id}',
    'bounce {instance_id}',
    'power cycle {instance_id}',
    'give {instance_id} a reboot',
    'reboot instance {instance_id}',
    'reboot {instance_id} because {reason}',
    'restart the server {instance_id}',
    '{instance_id} hangs, reboot it',
  ],
  examples: ['ec2 reboot i-0bad5eed2c0ffee02', 'ec2 reboot i-0bad5eed2c0ffee02 reason="out of memory"'],
  iam: [
    'ec2:DescribeInstances',
    'ec2:DescribeInstanceStatus',
    'ec2:RebootInstances',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ],
  input: Input,
  output: Output,

  async plan({ instance_id }, { aws }) {
    const [instance, served] = await Promise.all([readInstance(aws, instance_id), readServed(aws, instance_id)]);
    refuseUnlessRunning(instance);
    const target = { arn: instanceArn(aws, instance.id), id: instance.id, label: instance.name, tags: instance.tags };
    return plannedReboot(instance, target, served);
  },

  async dryRun({ instance_id }, { aws }) {
    const ec2 = await aws.client('ec2');
    await expectDryRun(ec2.rebootInstances({ InstanceIds: [instance_id], DryRun: true }));
  },

  async execute({ instance_id }, { aws, clock }) {
    const ec2 = await aws.client('ec2');
    const now = clock.now();
    await ec2.rebootInstances({ InstanceIds: [instance_id] });
    return {
      instance_id,
      initiated_at: isoAt(now),
      expected_by: isoAt(now + EXPECTED_WITHIN),
      check_after: isoAt(now + CHECK_AFTER),
    };
  },

  async verify({ instance_id }, _planned, { aws }) {
    return judge(await readInstance(aws, instance_id));
  },
  verifyWithinMs: 10 * MINUTE,

  outcome: ({ initiated_at, expected_by, check_after }) => [
    { label: 'Initiated', value: { at: initiated_at } },
    { label: 'Expected by', value: { at: expected_by } },
    { label: 'Check again after', value: { at: check_after } },
  ],
});

function refuseUnlessRunning({ id, state }: Instance): void {
  if (state === 'running') return;
  const hint =
    state === 'stopped'
      ? 'A stopped instance is started, not rebooted.'
      : 'Look again in a minute, or list what runs with "ec2 list state=running".';
  throw new OpsError('input_invalid', `Instance ${id} is ${state}; only a running instance can be rebooted.`, {
    hint,
    facts: { field: 'instance_id' },
  });
}

function plannedReboot(instance: Instance, target: PlannedChange['targets'][number], served: Served): PlannedChange {
  const environment = environmentOf(instance.tags);
  return {
    action: `Reboot EC2 instance ${instanceLabel(instance)}`,
    targets: [target],
    changes: [{ field: 'state', before: 'running', after: 'rebooting, then running' }],
    snapshot: {
      id: instance.id,
      state: instance.state,
      launch_time: instance.launch_time,
      tags: guardTags(instance.tags),
    },
    risk: environment.production ? 'high' : 'medium',
    riskReasons: [
      'not reachable while it reboots',
      environment.production ? environment.because : `not production (Environment=${environment.name})`,
    ],
    impact: {
      downtime: 'about 1–5 minutes',
      affected: served.affected.length > 0 ? served.affected : [instanceLabel(instance)],
      recovery: 'It comes back by itself with the same addresses and disks. A reboot cannot be undone.',
    },
    warnings: served.warning === undefined ? [] : [served.warning],
  };
}

function judge({ id, state, system_check, instance_check }: Instance): Verification {
  const seen = `${id} is ${state}; system check ${system_check}, instance check ${instance_check}.`;
  if (['stopping', 'stopped', 'shutting-down', 'terminated'].includes(state))
    return { state: 'contradicted', text: seen };
  if (state !== 'running' || system_check !== 'ok' || instance_check !== 'ok') return { state: 'pending', text: seen };
  return {
    state: 'confirmed',
    text: `${seen} AWS may report ok all through a short reboot: this shows that it is reachable now.`,
  };
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
