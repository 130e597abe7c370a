import { z } from 'zod';
import type { Aws } from '../aws/aws.ts';
import { type MetricQuery, periodFor, readMetrics } from '../cloudwatch/metric-data.ts';
import { mean, Point, rounded } from '../cloudwatch/statistics.ts';
import type { Window } from '../time-window.ts';

const KNOWN = ['cpu', 'memory', 'network'] as const;
type MetricName = (typeof KNOWN)[number];

const ASKABLE = [
  'cpu',
  'memory',
  'network',
  'cpu,memory',
  'cpu,network',
  'memory,network',
  'cpu,memory,network',
  'none',
] as const;

/** One flat text, because forms and façades have no lists: 'cpu,memory'. Any order and spaces are taken. */
export const Metrics = z
  .preprocess(inOrder, z.enum(ASKABLE, 'any of cpu, memory, network with commas between, like cpu,network; or none'))
  .default('cpu')
  .describe('Which metrics: any of cpu, memory, network with commas between, or none')
  .meta({ param: 'metrics' });

function inOrder(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > 60) return value;
  const asked = value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  const unknown = asked.filter((name) => !KNOWN.some((known) => known === name));
  return [...KNOWN.filter((known) => asked.includes(known)), ...unknown].join(',');
}

export const Measured = z.object({
  name: z.string(),
  unit: z.string(),
  latest: z.number(),
  average: z.number(),
  maximum: z.number(),
  points: z.array(Point),
});
export type Measured = z.output<typeof Measured>;

export const Absent = z.object({ name: z.string(), because: z.string() });

interface Reading {
  metric: MetricName;
  label: string;
  unit: string;
  query: MetricQuery;
}

/**
 * Reads the asked metrics of one instance with one request. Network is read as sums over at least five minutes,
 * because that is how often EC2 publishes without detailed monitoring; sums over less would be too high.
 */
export async function readInstanceMetrics(
  aws: Aws,
  { id, metrics, window, now }: { id: string; metrics: string; window: Window; now: number },
) {
  const readings = readingsFor(id, metrics, periodFor(window, now));
  if (readings.length === 0) return { measured: [], absent: [] };
  const answers = await readMetrics(
    aws,
    readings.map(({ query }) => query),
    window,
  );
  const pairs = readings.map((reading, i) => ({ reading, points: answers[i] ?? [] }));
  return {
    measured: pairs.filter(({ points }) => points.length > 0).map(({ reading, points }) => toMeasured(reading, points)),
    absent: pairs.filter(({ points }) => points.length === 0).map(({ reading }) => toAbsent(reading, window)),
  };
}

function readingsFor(id: string, metrics: string, period: number): Reading[] {
  const asked = new Set(metrics.split(','));
  return KNOWN.filter((metric) => asked.has(metric)).flatMap((metric) => readingsOf(metric, id, period));
}

function readingsOf(metric: MetricName, id: string, periodSeconds: number): Reading[] {
  const dimensions = { InstanceId: id };
  const ec2 = { namespace: 'AWS/EC2', dimensions };
  switch (metric) {
    case 'cpu':
      return [
        {
          metric,
          label: 'CPU',
          unit: 'percent',
          query: { ...ec2, metricName: 'CPUUtilization', statistic: 'Average', periodSeconds },
        },
      ];
    case 'memory': {
      const query = {
        namespace: 'CWAgent',
        dimensions,
        metricName: 'mem_used_percent',
        statistic: 'Average',
        periodSeconds,
      };
      return [{ metric, label: 'Memory', unit: 'percent', query }];
    }
    case 'network': {
      const sum = { ...ec2, statistic: 'Sum', periodSeconds: Math.max(300, periodSeconds) };
      return [
        { metric, label: 'Network in', unit: 'bytes/s', query: { ...sum, metricName: 'NetworkIn' } },
        { metric, label: 'Network out', unit: 'bytes/s', query: { ...sum, metricName: 'NetworkOut' } },
      ];
    }
  }
}

function toMeasured({ label, unit, query }: Reading, raw: readonly Point[]): Measured {
  const share = unit === 'bytes/s' ? query.periodSeconds : 1;
  const points = raw.map(({ at, value }) => ({ at, value: rounded(value / share) }));
  const values = points.map(({ value }) => value);
  return {
    name: label,
    unit,
    latest: values.at(-1) ?? 0,
    average: rounded(mean(values)),
    maximum: Math.max(...values),
    points,
  };
}

function toAbsent({ metric, label, query }: Reading, window: Window) {
  const agent = 'EC2 does not measure memory; the CloudWatch agent must publish mem_used_percent by InstanceId.';
  const whole = query.statistic === 'Sum' ? `, in whole periods of ${query.periodSeconds / 60} min` : '';
  const searched = `No data for ${query.namespace} ${query.metricName} in the window (${window.label}${whole}).`;
  return { name: label, because: metric === 'memory' ? `${searched} ${agent}` : searched };
}
