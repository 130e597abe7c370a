import { z } from 'zod';
import type { View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { inputOf, inRegion, Region } from '../params.ts';
import { TimeWindow, type Window, windowOf } from '../time-window.ts';
import { defineTool } from '../tool.ts';
import { dimensionsFor, NAMESPACES, unitOf } from './dimensions.ts';
import { periodFor, readMetrics } from './metric-data.ts';
import { mean, Point, rounded, trendOf, withUnit } from './statistics.ts';

const Input = inputOf({
  namespace: z
    .enum(NAMESPACES, `one of ${NAMESPACES.join(', ')}`)
    .describe('CloudWatch namespace')
    .meta({ param: 'choice' }),
  metric_name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'a metric name like CPUUtilization')
    .describe('Exact metric name, like CPUUtilization')
    .meta({ param: 'word' }),
  resource_id: z
    .string()
    .regex(/^[\w:./-]{1,300}$/, 'an instance id, cluster/service, or a load balancer ARN')
    .describe('Instance id, ECS cluster/service, or load balancer ARN')
    .meta({ param: 'word' }),
  time_window: TimeWindow,
  statistic: z
    .enum(
      ['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount', 'p50', 'p90', 'p95', 'p99'],
      'a statistic like Average, Maximum, Sum or p99',
    )
    .default('Average')
    .describe('Statistic of each data point')
    .meta({ param: 'choice' }),
  region: Region,
});

const Output = z.object({
  unit: z.string(),
  period_seconds: z.number(),
  window: z.string(),
  from: z.string(),
  to: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistics: z.object({
    average: z.number().nullable(),
    maximum: z.number().nullable(),
    minimum: z.number().nullable(),
    trend: z.enum(['stable', 'rising', 'falling']),
  }),
  data_points: z.array(Point),
});
type Output = z.output<typeof Output>;

/**
 * One metric of one resource over a window: at most 400 data points, the period chosen from the window's length and age.
 * `average` is the mean of the data points. With the statistic Average, `maximum` and `minimum` are the highest and lowest
 * single values CloudWatch holds, so that a long period hides no peak; with any other they are those of the data points.
 * The trend is the least-squares line's rise over the window: within 10 % of the mean is stable.
 *
 * @throws OpsError `input_invalid` for a resource the namespace does not have
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export const getCloudwatchMetrics = defineTool({
  name: 'get_cloudwatch_metrics',
  title: 'CloudWatch metric',
  summary: 'Average, maximum, minimum, trend and chart of one CloudWatch metric of a resource.',
  effect: 'read',
  command: 'metrics',
  aliases: ['metric', 'cloudwatch'],
  phrases: [
    '{namespace} {metric_name} of {resource_id}',
    '{namespace} {metric_name} of {resource_id} for {time_window}',
    'show {namespace} {metric_name} for {resource_id} over {time_window}',
    'graph {metric_name} of {resource_id} in {namespace}',
    'metrics {namespace} {metric_name} for {resource_id}',
    'chart {namespace} {metric_name} of {resource_id} over {time_window}',
    '{statistic} {metric_name} of {resource_id} in {namespace}',
    'trend of {namespace} {metric_name} for {resource_id}',
    'graph {metric_name} of {resource_id}',
  ],
  examples: [
    'metrics AWS/EC2 CPUUtilization i-0bad5eed2c0ffee02 1h',
    'metrics AWS/ECS MemoryUtilization main/checkout 24h Maximum',
  ],
  iam: ['cloudwatch:GetMetricData'],
  input: Input,
  output: Output,

  async execute({ namespace, metric_name, resource_id, time_window, statistic }, { aws, clock }) {
    const window = windowOf(time_window, clock);
    const dimensions = dimensionsFor(namespace, resource_id);
    const periodSeconds = periodFor(window, clock.now());
    const extremes = statistic === 'Average' ? ['Maximum', 'Minimum'] : [statistic, statistic];
    const wanted = [...new Set([statistic, ...extremes])];
    const queries = wanted.map((stat) => ({
      namespace,
      metricName: metric_name,
      dimensions,
      statistic: stat,
      periodSeconds,
    }));
    const answers = await readMetrics(aws, queries, window);
    const pointsOf = (stat: string | undefined) => answers[wanted.indexOf(stat ?? statistic)] ?? [];
    const points = pointsOf(statistic);
    const values = points.map(({ value }) => value);
    return {
      ...described(window, periodSeconds),
      unit: unitOf(metric_name, statistic),
      dimensions,
      statistics: {
        average: values.length === 0 ? null : rounded(mean(values)),
        maximum: extremeOf(Math.max, pointsOf(extremes[0])),
        minimum: extremeOf(Math.min, pointsOf(extremes[1])),
        trend: trendOf(points),
      },
      data_points: points.map(({ at, value }) => ({ at, value: rounded(value) })),
    };
  },

  view(output, source, { namespace, metric_name, resource_id, statistic, region }) {
    const resource = cleanText(Object.values(output.dimensions).join('/'), 60);
    const title = `${metric_name} of ${resource}, ${output.window}`;
    if (output.data_points.length === 0)
      return emptyView(`${namespace} ${metric_name} (${statistic})`, output, { title, source });
    const { statistics } = output;
    const wider = Date.parse(output.to) - Date.parse(output.from) < 86_400_000 ? '24h' : '7d';
    const show = (value: number | null) => (value === null ? 'no data' : withUnit(value, output.unit));
    return {
      kind: 'chart',
      title,
      source,
      fields: [
        { label: 'Average', value: show(statistics.average) },
        { label: 'Maximum', value: show(statistics.maximum) },
        { label: 'Minimum', value: show(statistics.minimum) },
        { label: 'Trend', value: statistics.trend },
        { label: 'Data points', value: `${output.data_points.length}, one each ${periodText(output.period_seconds)}` },
      ],
      series: [{ label: `${metric_name} ${statistic}`, unit: output.unit, points: output.data_points }],
      actions: [
        {
          kind: 'say',
          label: `Last ${wider}`,
          text: `metrics ${namespace} ${metric_name} ${resource_id} ${wider} ${statistic}${inRegion(region)}`,
        },
        { kind: 'say', label: 'Alarms', text: `alarms${inRegion(region)}` },
      ],
    };
  },
});

function described({ from, to, label }: Window, period_seconds: number) {
  return { period_seconds, window: label, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function extremeOf(pick: (...values: number[]) => number, points: readonly Point[]): number | null {
  return points.length === 0 ? null : rounded(pick(...points.map(({ value }) => value)));
}

/** Nothing found: the exact query, so that a person sees what was searched. */
function emptyView(metric: string, output: Output, common: Pick<View, 'title' | 'source'>): View {
  return {
    kind: 'facts',
    ...common,
    status: 'warning',
    fields: [
      { label: 'Answer', value: 'CloudWatch has no data points for this query.' },
      { label: 'Metric', value: metric },
      {
        label: 'Dimensions',
        value: Object.entries(output.dimensions)
          .map(([name, value]) => `${name}=${value}`)
          .join(', '),
      },
      { label: 'From', value: { at: output.from } },
      { label: 'To', value: { at: output.to } },
      { label: 'Period', value: periodText(output.period_seconds) },
    ],
    note: 'Names are case-sensitive. Stopped resources and missing agents publish nothing.',
  };
}

function periodText(seconds: number): string {
  return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}
