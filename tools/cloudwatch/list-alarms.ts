import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { Action, Status } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { Aws } from '../aws/aws.ts';
import { collect } from '../aws/pages.ts';
import { inputOf, inRegion, instanceIdPattern, maxResults, Region } from '../params.ts';
import { defineTool } from '../tool.ts';

const PAGE_CAP = 5;
const MOST_READ = 500;
/** AWS's own reasons list their datapoints first and end with the threshold, after some 250 characters. */
const LONGEST_REASON = 400;

const STATES = { alarm: 'ALARM', ok: 'OK', insufficient_data: 'INSUFFICIENT_DATA', all: undefined } as const;

const Input = inputOf({
  state: z
    .enum(['all', 'alarm', 'ok', 'insufficient_data'], 'one of all, alarm, ok, insufficient_data')
    .default('all')
    .describe('Only alarms in this state')
    .meta({ param: 'choice' }),
  name: z
    .string()
    .max(100, 'at most 100 characters')
    .optional()
    .describe('Only alarms whose name contains this')
    .meta({ param: 'word' }),
  max_results: maxResults(25),
  region: Region,
});

const Alarm = z.object({
  name: z.string(),
  state: z.string(),
  reason: z.string(),
  /** When the state changed last, whatever was evaluated since. ISO 8601, UTC; '' when AWS did not say. */
  since: z.string(),
  /** 'AWS/EC2 CPUUtilization'. */
  metric: z.string(),
  /** '> 80'. */
  threshold: z.string(),
  instance_id: z.string(),
});
type Alarm = z.output<typeof Alarm>;
const Output = z.object({ alarms: z.array(Alarm), firing: z.number(), total: z.number(), more: z.boolean() });

/**
 * CloudWatch metric alarms of one Region, firing ones first, newest change first. At most 5 pages of 100.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export const listAlarms = defineTool({
  name: 'list_alarms',
  title: 'CloudWatch alarms',
  summary: 'CloudWatch alarms of one Region with state and reason; firing ones first.',
  effect: 'read',
  command: 'alarms',
  aliases: ['alarm', 'alarm list'],
  phrases: [
    'list alarms',
    'show alarms',
    'what is alarming',
    'what is firing',
    'which alarms are firing',
    'any alarms',
    'are there alarms in {region}',
    'alarms named {name}',
    'show alarms in state {state}',
    'what is broken',
  ],
  examples: ['alarms', 'alarms alarm', 'alarms name=web'],
  iam: ['cloudwatch:DescribeAlarms'],
  input: Input,
  output: Output,

  async execute({ state, name, max_results }, { aws }) {
    const { items, more } = await readAlarms(aws, STATES[state]);
    const wanted = name?.toLowerCase() ?? '';
    const matching = items.filter((alarm) => alarm.name.toLowerCase().includes(wanted)).sort(byUrgency);
    const firing = matching.filter((alarm) => alarm.state === 'ALARM').length;
    return {
      alarms: matching.slice(0, max_results),
      firing,
      total: matching.length,
      more: more || matching.length > max_results,
    };
  },

  view({ alarms, firing, total, more }, source, { state, name, region }) {
    const filter = `${state === 'all' ? '' : ` in state ${state}`}${name === undefined ? '' : ` whose name contains ${name}`}`;
    return {
      kind: 'table',
      title: `Alarms: ${firing} firing of ${total}${more ? ' and more' : ''}`,
      status: firing > 0 ? 'bad' : 'good',
      source,
      columns: ['Alarm', 'State', 'Since', 'Metric', 'Reason'],
      rows: alarms.map((alarm) => [
        alarm.name,
        { text: alarm.state, status: STATE_STATUS[alarm.state] ?? 'neutral' },
        alarm.since === '' ? 'unknown' : { at: alarm.since },
        `${alarm.metric} ${alarm.threshold}`.trim(),
        // Narrow columns cut long cells at their end, and the numbers stand there.
        alarm.reason.replace(/^Threshold Crossed: /, ''),
      ]),
      empty: `No alarms${filter} in ${source.region}.`,
      note: more ? 'Not all are shown: narrow it with state=alarm or name=….' : undefined,
      actions: actionsFor(alarms, region),
    };
  },
});

const STATE_STATUS: Readonly<Record<string, Status>> = { OK: 'good', ALARM: 'bad', INSUFFICIENT_DATA: 'warning' };
const URGENCY: Readonly<Record<string, number>> = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };
const COMPARISONS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

async function readAlarms(aws: Aws, StateValue: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | undefined) {
  const cloudwatch = await aws.client('cloudwatch');
  const readPage = async (NextToken: string | undefined) => {
    const answer = await cloudwatch.describeAlarms({ StateValue, MaxRecords: 100, NextToken });
    return { items: (answer.MetricAlarms ?? []).map(toAlarm), next: answer.NextToken };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_READ });
}

function toAlarm(alarm: MetricAlarm): Alarm {
  const comparison = COMPARISONS[alarm.ComparisonOperator ?? ''];
  return {
    name: alarm.AlarmName ?? 'unknown',
    state: alarm.StateValue ?? 'unknown',
    reason: cleanText(alarm.StateReason ?? '', LONGEST_REASON),
    since: alarm.StateTransitionedTimestamp?.toISOString() ?? '',
    metric: alarm.MetricName === undefined ? 'expression' : `${alarm.Namespace ?? ''} ${alarm.MetricName}`,
    threshold: comparison === undefined || alarm.Threshold === undefined ? '' : `${comparison} ${alarm.Threshold}`,
    instance_id: alarm.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value ?? '',
  };
}

function byUrgency(a: Alarm, b: Alarm): number {
  return (
    (URGENCY[a.state] ?? 3) - (URGENCY[b.state] ?? 3) || b.since.localeCompare(a.since) || a.name.localeCompare(b.name)
  );
}

function actionsFor(alarms: readonly Alarm[], region: string | undefined): Action[] {
  const firing = alarms.filter(({ state, instance_id }) => state === 'ALARM' && instanceIdPattern.test(instance_id));
  const ids = [...new Set(firing.map(({ instance_id }) => instance_id))].slice(0, 3);
  return ids.map((id) => ({ kind: 'say', label: `Status of ${id}`, text: `ec2 status ${id}${inRegion(region)}` }));
}
