import type {
  GetMetricDataCommandInput,
  MetricAlarm,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { AwsApis } from '../apis.ts';
import type { AlarmSpec } from './estate.ts';
import { type MetricSeries, seriesFor } from './metrics.ts';
import { pageOf, positionOf, tokenFor } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';
import { alarmStateOf, type World } from './world.ts';

export function simulatedCloudWatch({ look }: Scene): AwsApis['cloudwatch'] {
  return {
    async getMetricData(input) {
      const world = await look();
      const { queries, from, to } = checked(input);
      const newestFirst = input.ScanBy !== 'TimestampAscending';
      const full = queries.map((query) => ({ query, points: pointsOf(world, query, from, to) }));
      const size = Math.max(1, Math.floor((input.MaxDatapoints ?? 100_800) / Math.max(1, queries.length)));
      const start = positionOf(input.NextToken, invalidToken);
      const more = full.some(({ points }) => points.length > start + size);
      const next = more ? tokenFor(start + size) : undefined;
      const results = full.map(({ query, points }) => {
        if (newestFirst) points.reverse();
        return resultOf(query, points.slice(start, start + size), more);
      });
      return { MetricDataResults: results, NextToken: next, Messages: [] };
    },

    async describeAlarms({ AlarmNames, AlarmNamePrefix = '', StateValue, MaxRecords = 50, NextToken }) {
      const world = await look();
      if (MaxRecords < 1 || MaxRecords > 100) throw invalid('MaxRecords must be between 1 and 100');
      const found = world.estate.alarms
        .filter(({ name }) => (AlarmNames?.includes(name) ?? true) && name.startsWith(AlarmNamePrefix))
        .map((spec) => describeAlarm(world, spec))
        .filter((alarm) => StateValue === undefined || alarm.StateValue === StateValue);
      const { items, next } = pageOf(found, NextToken, MaxRecords, invalidToken);
      return { MetricAlarms: items, CompositeAlarms: [], NextToken: next };
    },
  };
}

const invalid = (words: string) => serviceError('ValidationError', 400, words);
const invalidToken = () => serviceError('InvalidNextToken', 400, 'The next token is not valid');

interface Point {
  at: number;
  value: number;
}

interface Query {
  id: string;
  label: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  periodMs: number;
  stat: string;
}

function checked({ StartTime, EndTime, MetricDataQueries = [] }: GetMetricDataCommandInput) {
  const from = StartTime?.getTime();
  const to = EndTime?.getTime();
  if (from === undefined || to === undefined) throw invalid('The parameters StartTime and EndTime are required.');
  if (from >= to) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (MetricDataQueries.length === 0 || MetricDataQueries.length > 500) {
    throw invalid('The collection MetricDataQueries must have between 1 and 500 elements.');
  }
  return { from, to, queries: MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(toQuery) };
}

function toQuery({ Id = '', Label, Expression, MetricStat }: MetricDataQuery): Query {
  if (!/^[a-z]\w*$/.test(Id)) throw invalid(`The value ${Id} for parameter Id is not matching the expected pattern.`);
  if (Expression !== undefined || !MetricStat) throw invalid('The simulated estate answers MetricStat queries only.');
  const { Metric, Period = 0, Stat = '' } = MetricStat;
  if (Period < 60 || Period % 60 !== 0) throw invalid('The parameter Period must be a multiple of 60.');
  if (!/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/.test(Stat))
    throw invalid(`The value ${Stat} for parameter Stat is not supported.`);
  const dimensions = Object.fromEntries((Metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
  const metric = Metric?.MetricName ?? '';
  return {
    id: Id,
    label: Label ?? metric,
    namespace: Metric?.Namespace ?? '',
    metric,
    dimensions,
    periodMs: Period * 1000,
    stat: Stat,
  };
}

/** Oldest first; a period without any data point is left out, as CloudWatch does. */
function pointsOf(world: World, query: Query, from: number, to: number): Point[] {
  const series = seriesFor(world, query);
  if (!series) return [];
  const points: Point[] = [];
  const { periodMs } = query;
  const end = Math.min(to, world.now);
  for (let at = Math.floor(from / periodMs) * periodMs; at < end; at += periodMs) {
    const samples = samplesIn(series, at, Math.min(at + periodMs, end));
    if (at + periodMs > from && samples.length > 0) points.push({ at, value: statistic(query.stat, samples) });
  }
  return points;
}

/** Only minutes that are over have a data point. */
function samplesIn(series: MetricSeries, from: number, to: number): number[] {
  const samples: number[] = [];
  for (let minute = Math.ceil(from / 60_000); (minute + 1) * 60_000 <= to; minute += 1) {
    const value = series(minute);
    if (value !== undefined) samples.push(value);
  }
  return samples;
}

function statistic(stat: string, samples: readonly number[]): number {
  const sum = samples.reduce((total, value) => total + value, 0);
  switch (stat) {
    case 'Average':
      return sum / samples.length;
    case 'Sum':
      return sum;
    case 'SampleCount':
      return samples.length;
    case 'Minimum':
      return Math.min(...samples);
    case 'Maximum':
      return Math.max(...samples);
    default:
      return percentile(samples, Number(stat.slice(1)));
  }
}

function percentile(samples: readonly number[], rank: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? 0;
}

function resultOf({ id, label }: Query, points: readonly Point[], more: boolean): MetricDataResult {
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: more ? 'PartialData' : 'Complete',
  };
}

function describeAlarm(world: World, spec: AlarmSpec): MetricAlarm {
  const { value, since } = alarmStateOf(world, spec);
  return {
    AlarmName: spec.name,
    AlarmArn: spec.arn,
    AlarmDescription: spec.description,
    ActionsEnabled: true,
    StateValue: value,
    StateReason: reasonFor(spec, value),
    StateUpdatedTimestamp: new Date(since),
    StateTransitionedTimestamp: new Date(since),
    Namespace: spec.namespace,
    MetricName: spec.metric,
    Statistic: spec.statistic,
    Dimensions: spec.dimensions,
    Period: 60,
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    Threshold: spec.threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'missing',
  };
}

function reasonFor({ threshold }: AlarmSpec, value: string): string {
  if (value === 'INSUFFICIENT_DATA') return 'Insufficient Data: 5 datapoints were unknown.';
  const crossed = value === 'ALARM' ? 'were' : 'were not';
  return `Threshold Crossed: 3 out of the last 5 datapoints ${crossed} greater than the threshold (${threshold.toFixed(1)}).`;
}
