import type { Sample } from './telemetry.ts';

/** What stands in every line. Dimensions cost money each: `version` is only a property. */
interface Common {
  mode: string;
  version: string;
}

const NAMESPACE = 'OpsAgent';
const MOST_METRICS = 100;
/** Labels that become dimensions. Over the others, such as the tool, a metric is summed: each value would be billed as a metric. */
const DIMENSIONS: ReadonlySet<string> = new Set(['channel', 'outcome', 'code', 'use', 'age']);
/** Of the Node process only what an alert looks at. */
const TOLD =
  /^(opsagent_\w+|process_cpu_seconds_total|process_resident_memory_bytes|nodejs_eventloop_lag_p99_seconds)$/;

/** The metrics with one set of dimensions: name → value. */
interface Group {
  dimensions: Record<string, string>;
  values: Map<string, number>;
  moved: boolean;
}

/**
 * Samples in CloudWatch's embedded metric format, a JSON line for each set of dimensions that has something to say. What only grows is
 * told as its growth since `before`.
 *
 * @param at epoch ms
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(
  samples: readonly Sample[],
  before: readonly Sample[],
  { version, mode }: Common,
  at: number,
): string[] {
  const earlier = new Map(before.map((sample) => [keyOf(sample), sample.value]));
  const groups = new Map<string, Group>();
  for (const sample of samples) {
    const value = sample.grows ? sample.value - (earlier.get(keyOf(sample)) ?? 0) : sample.value;
    if (TOLD.test(sample.name) && Number.isFinite(value)) add(groups, sample, value);
  }
  return [...groups.values()]
    .filter(({ moved, dimensions }) => moved || Object.keys(dimensions).length === 0)
    .flatMap((group) => chunks([...group.values]).map((metrics) => line({ mode, ...group.dimensions }, metrics)));

  function line(dimensions: Record<string, string>, metrics: readonly [string, number][]): string {
    const directive = {
      Namespace: NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: metrics.map(([Name]) => ({ Name, Unit: unitOf(Name) })),
    };
    const head = { _aws: { Timestamp: at, CloudWatchMetrics: [directive] } };
    return JSON.stringify({ ...head, version, ...dimensions, ...Object.fromEntries(metrics) });
  }
}

function add(groups: Map<string, Group>, { name, labels, grows }: Sample, value: number): void {
  const dimensions = Object.fromEntries(
    Object.entries(labels).filter(([label, held]) => DIMENSIONS.has(label) && held !== ''),
  );
  const key = JSON.stringify(dimensions);
  const group = groups.get(key) ?? { dimensions, values: new Map(), moved: false };
  groups.set(key, group);
  group.values.set(name, (group.values.get(name) ?? 0) + value);
  if (!grows || value !== 0) group.moved = true;
}

const keyOf = ({ name, labels }: Sample): string => `${name} ${JSON.stringify(labels)}`;

function unitOf(name: string): 'Seconds' | 'Bytes' | 'Count' | 'None' {
  if (/_usd_total$/.test(name)) return 'None';
  if (/_seconds(_sum|_total)?$/.test(name)) return 'Seconds';
  if (/_bytes$/.test(name)) return 'Bytes';
  return 'Count';
}

function chunks(metrics: [string, number][]): [string, number][][] {
  return [...Map.groupBy(metrics.entries(), ([index]) => Math.floor(index / MOST_METRICS)).values()].map((chunk) =>
    chunk.map(([, metric]) => metric),
  );
}
