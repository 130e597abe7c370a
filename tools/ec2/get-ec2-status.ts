import { z } from 'zod';
import type { Action, Field } from '../../cards/view.ts';
import { withUnit } from '../cloudwatch/statistics.ts';
import { InstanceId, inputOf, inRegion, Region } from '../params.ts';
import { TimeWindow, windowOf } from '../time-window.ts';
import { defineTool } from '../tool.ts';
import { checkCell, healthOf, Instance, instanceLabel, readInstance } from './instance.ts';
import { Absent, Measured, Metrics, readInstanceMetrics } from './instance-metrics.ts';
import { tagText } from './tag-text.ts';

const Input = inputOf({ instance_id: InstanceId, metrics: Metrics, time_window: TimeWindow, region: Region });

const Output = z.object({
  instance: Instance,
  window: z.string(),
  measured: z.array(Measured),
  absent: z.array(Absent),
});

/**
 * One instance: its facts, both status checks and the asked metrics. Three requests.
 * Memory is only there when the CloudWatch agent publishes it; its absence is said.
 *
 * @throws OpsError `aws_not_found` for an id this account and Region do not have
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export const getEc2Status = defineTool({
  name: 'get_ec2_status',
  title: 'EC2 instance status',
  summary: 'State, status checks, tags and metrics (CPU, memory, network) of one EC2 instance.',
  effect: 'read',
  command: 'ec2 status',
  aliases: ['status', 'instance'],
  phrases: [
    'how is {instance_id}',
    'how is {instance_id} doing',
    'status of {instance_id}',
    'show me {instance_id}',
    'check {instance_id}',
    'is {instance_id} up',
    'is {instance_id} ok',
    'is {instance_id} healthy',
    'what is wrong with {instance_id}',
    'show {metrics} of {instance_id}',
    '{metrics} of {instance_id} for {time_window}',
    'health of instance {instance_id}',
  ],
  examples: ['ec2 status i-0bad5eed2c0ffee02', 'ec2 status i-0bad5eed2c0ffee02 cpu,memory,network 1h'],
  iam: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'cloudwatch:GetMetricData'],
  input: Input,
  output: Output,

  async execute({ instance_id, metrics, time_window }, { aws, clock, progress }) {
    const window = windowOf(time_window, clock);
    progress(`reading ${instance_id} and its metrics…`);
    const [instance, { measured, absent }] = await Promise.all([
      readInstance(aws, instance_id),
      readInstanceMetrics(aws, { id: instance_id, metrics, window, now: clock.now() }),
    ]);
    return { instance, window: window.label, measured, absent };
  },

  view(output, source, { region }) {
    const { instance, measured, absent, window } = output;
    const common = {
      title: `EC2 ${instanceLabel(instance)}: ${instance.state}`,
      status: healthOf(instance),
      source,
      fields: [
        ...factFields(instance),
        ...measured.map((metric) => metricField(metric, window)),
        ...absent.map(absentField),
      ],
      actions: actionsFor(instance, region),
    };
    if (measured.length === 0) return { kind: 'facts', ...common };
    return {
      kind: 'chart',
      ...common,
      series: measured.map(({ name, unit, points }) => ({ label: name, unit, points })),
    };
  },
});

function factFields(instance: Instance): Field[] {
  return [
    { label: 'State', value: instance.state },
    { label: 'System check', value: checkCell(instance.system_check) },
    { label: 'Instance check', value: checkCell(instance.instance_check) },
    { label: 'Type', value: instance.type },
    { label: 'Zone', value: instance.zone },
    { label: 'Launched', value: instance.launch_time === '' ? 'unknown' : { at: instance.launch_time } },
    { label: 'Tags', value: tagText(instance.tags) },
  ];
}

function metricField({ name, unit, latest, average, maximum }: Measured, window: string): Field {
  const numbers = `${withUnit(latest, unit)} now, average ${withUnit(average, unit)}, maximum ${withUnit(maximum, unit)}`;
  return { label: name, value: `${numbers} (${window})` };
}

function absentField({ name, because }: z.output<typeof Absent>): Field {
  return { label: name, value: because };
}

function actionsFor({ id, state }: Instance, region: string | undefined): Action[] {
  const where = inRegion(region);
  const read: Action[] = [
    { kind: 'say', label: 'Metrics 1h', text: `ec2 status ${id} cpu,memory,network 1h${where}` },
    { kind: 'say', label: 'Who changed it?', text: `cloudtrail resource_name=${id} time_window=24h${where}` },
  ];
  if (state !== 'running') return read;
  return [...read, { kind: 'say', label: 'Reboot…', text: `ec2 reboot ${id}${where}`, style: 'danger' }];
}
