import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws/aws.ts';
import { collect } from '../aws/pages.ts';
import type { Window } from '../time-window.ts';
import type { Point } from './statistics.ts';

export interface MetricQuery {
  namespace: string;
  metricName: string;
  dimensions: Readonly<Record<string, string>>;
  statistic: string;
  periodSeconds: number;
}

const DAY = 86_400_000;
const PERIODS = [60, 300, 900, 3600, 7200, 21_600];
const MOST_POINTS = 400;
const PAGE_CAP = 5;

/**
 * The finest period that keeps a window at 400 points or fewer and that CloudWatch still holds:
 * one-minute data for 15 days, five-minute data for 63 days, one-hour data for 455 days.
 */
export function periodFor({ from, to }: Window, now: number): number {
  const age = now - from;
  const kept = age > 63 * DAY ? 3600 : age > 15 * DAY ? 300 : 60;
  const fits = (period: number) => period >= kept && (to - from) / 1000 / period <= MOST_POINTS;
  return PERIODS.find(fits) ?? 21_600;
}

/**
 * Reads several metrics with one GetMetricData request (at most 5 pages); the answer has one list for each query,
 * oldest first, with no entry where CloudWatch has no data.
 * Of sums and sample counts only whole periods are kept: the period under way would look like a drop.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export async function readMetrics(aws: Aws, queries: readonly MetricQuery[], window: Window): Promise<Point[][]> {
  const cloudwatch = await aws.client('cloudwatch');
  const readPage = async (NextToken: string | undefined) => {
    const answer = await cloudwatch.getMetricData({
      MetricDataQueries: queries.map(toAwsQuery),
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      ScanBy: 'TimestampAscending',
      NextToken,
    });
    return { items: answer.MetricDataResults ?? [], next: answer.NextToken };
  };
  const { items } = await collect(readPage, { maxPages: PAGE_CAP, maxItems: 500 * PAGE_CAP });
  const pointsOf = (wanted: string) =>
    items
      .filter(({ Id }) => Id === wanted)
      .flatMap(({ Timestamps = [], Values = [] }) => Timestamps.flatMap((at, i) => pointOf(at, Values[i])));
  return queries.map((query, i) =>
    pointsOf(`q${i}`)
      .filter(({ at }) => isWhole(query, Date.parse(at), window.to))
      .sort((a, b) => a.at.localeCompare(b.at)),
  );
}

function isWhole({ statistic, periodSeconds }: MetricQuery, at: number, to: number): boolean {
  return (statistic !== 'Sum' && statistic !== 'SampleCount') || at + periodSeconds * 1000 <= to;
}

function pointOf(at: Date, value: number | undefined): Point[] {
  return value !== undefined && Number.isFinite(value) ? [{ at: at.toISOString(), value }] : [];
}

function toAwsQuery(
  { namespace, metricName, dimensions, statistic, periodSeconds }: MetricQuery,
  index: number,
): MetricDataQuery {
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}
