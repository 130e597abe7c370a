import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { noTracing, type Tracing } from './tracing.ts';

/**
 * Counts and times for `/metrics`, and traces. Labels come from short closed lists: a name, an id or an address as a label would
 * grow without end.
 */
export interface Telemetry extends Pick<Tracing, 'isOn' | 'span' | 'past'> {
  turns: Pick<Counter<'channel' | 'outcome'>, 'inc'>;
  turnSeconds: Pick<Histogram<'channel'>, 'observe'>;
  gate: Pick<Counter<'tool' | 'outcome'>, 'inc'>;
  awsCalls: Pick<Counter<'service' | 'operation' | 'outcome'>, 'inc'>;
  awsCallSeconds: Pick<Histogram<'service' | 'operation'>, 'observe'>;
  auditFailures: Pick<Counter, 'inc'>;
  auditCheckpointLagRecords: Pick<Gauge, 'set'>;
  auditCheckpointLagSeconds: Pick<Gauge, 'set'>;
  auditCheckpointFailures: Pick<Counter, 'inc'>;
  storeErrors: Pick<Counter<'code'>, 'inc'>;
  modelCostUsd: Pick<Counter, 'inc'>;
  redisFaults: Pick<Counter<'use'>, 'inc'>;
  sweeps: Pick<Counter, 'inc'>;
  pendingApprovals: Pick<Gauge<'age'>, 'set'>;
  undeliveredPosts: Pick<Gauge<'channel'>, 'set'>;
  oldestUndeliveredSeconds: Pick<Gauge<'channel'>, 'set'>;
  /** Everything as numbers; of a histogram its sum and its count. */
  samples(): Promise<Sample[]>;
  /** Everything in the Prometheus text format. */
  text(): Promise<string>;
  /** The content type of `text`. */
  contentType: string;
}

/** One number of one series. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** True where it counts from the start of the process and never falls. */
  grows: boolean;
  value: number;
}

/** For verbs that serve no `/metrics`, and for tests: counts nothing, and spares the 30–100 ms that prom-client takes to load. */
export const silentTelemetry: Telemetry = {
  ...noTracing,
  turns: { inc() {} },
  turnSeconds: { observe() {} },
  gate: { inc() {} },
  awsCalls: { inc() {} },
  awsCallSeconds: { observe() {} },
  auditFailures: { inc() {} },
  auditCheckpointLagRecords: { set() {} },
  auditCheckpointLagSeconds: { set() {} },
  auditCheckpointFailures: { inc() {} },
  storeErrors: { inc() {} },
  modelCostUsd: { inc() {} },
  redisFaults: { inc() {} },
  sweeps: { inc() {} },
  pendingApprovals: { set() {} },
  undeliveredPosts: { set() {} },
  oldestUndeliveredSeconds: { set() {} },
  samples: async () => [],
  text: async () => '',
  contentType: 'text/plain',
};

/** A registry of its own with the metrics of OpsAgent and of the Node process. */
export async function createTelemetry(
  build: { version: string; mode: string },
  tracing: Tracing = noTracing,
): Promise<Telemetry> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'opsagent_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'mode'],
    registers,
  }).set(build, 1);
  const storeErrors = new Counter({
    name: 'opsagent_store_errors_total',
    help: 'Calls that the store could not serve, by error code.',
    labelNames: ['code'],
    registers,
  });
  // There from the start: a series that begins with its first error has not increased, and no alert would see it.
  for (const code of ['store_unavailable', 'store_corrupt']) storeErrors.inc({ code }, 0);

  return {
    ...tracing,
    turns: new Counter({
      name: 'opsagent_turns_total',
      help: 'Turns handled, by channel and how they ended.',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    turnSeconds: new Histogram({
      name: 'opsagent_turn_seconds',
      help: 'From hearing a turn to its answer being posted, in seconds.',
      labelNames: ['channel'],
      buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150],
      registers,
    }),
    gate: new Counter({
      name: 'opsagent_gate_total',
      help: 'Calls at the gate, by tool and outcome.',
      labelNames: ['tool', 'outcome'],
      registers,
    }),
    awsCalls: new Counter({
      name: 'opsagent_aws_calls_total',
      help: 'Calls to AWS, by operation and outcome.',
      labelNames: ['service', 'operation', 'outcome'],
      registers,
    }),
    awsCallSeconds: new Histogram({
      name: 'opsagent_aws_call_seconds',
      help: 'How long calls to AWS took, retries included, in seconds.',
      labelNames: ['service', 'operation'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    auditFailures: new Counter({
      name: 'opsagent_audit_failures_total',
      help: 'Audit records that could not be written.',
      registers,
    }),
    auditCheckpointLagRecords: new Gauge({
      name: 'opsagent_audit_checkpoint_lag_records',
      help: 'Audit records that no checkpoint in the second place covers.',
      registers,
    }),
    auditCheckpointLagSeconds: new Gauge({
      name: 'opsagent_audit_checkpoint_lag_seconds',
      help: 'Age of the newest checkpoint in the second place while records wait for the next, in seconds; 0 when none does.',
      registers,
    }),
    auditCheckpointFailures: new Counter({
      name: 'opsagent_audit_checkpoint_failures_total',
      help: 'Tries to make or deliver an audit checkpoint that failed.',
      registers,
    }),
    storeErrors,
    modelCostUsd: new Counter({
      name: 'opsagent_model_cost_usd_total',
      help: 'What the language model cost, in USD, by the price OpsAgent reckons with.',
      registers,
    }),
    ...waitingGauges(Gauge, registers),
    ...fleetCounters(Counter, registers),
    samples: async () => (await registry.getMetricsAsJSON()).flatMap(samplesOf),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

type Series = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];

function samplesOf({ name, type, values }: Series): Sample[] {
  const grows = type.toString() !== 'gauge';
  return values.flatMap(({ value, labels, ...more }) => {
    const own = 'metricName' in more && typeof more.metricName === 'string' ? more.metricName : name;
    if (own.endsWith('_bucket')) return [];
    const texts = Object.entries(labels).map(([label, held]) => [label, String(held)]);
    return [{ name: own, labels: Object.fromEntries(texts), grows, value }];
  });
}

type Waiting = Pick<Telemetry, 'pendingApprovals' | 'undeliveredPosts' | 'oldestUndeliveredSeconds'>;

/** What waits for people, and for platforms. */
function waitingGauges(Gauge: typeof import('prom-client').Gauge, registers: Registry[]): Waiting {
  return {
    pendingApprovals: new Gauge({
      name: 'opsagent_pending_approvals',
      help: 'Approvals that wait for a person, by age; at most 200 of each are counted. Every process on a store says the same.',
      labelNames: ['age'],
      registers,
    }),
    undeliveredPosts: new Gauge({
      name: 'opsagent_undelivered_posts',
      help: 'Messages that are not said yet, by channel; at most 200 of each are counted. Every process on a store says the same.',
      labelNames: ['channel'],
      registers,
    }),
    oldestUndeliveredSeconds: new Gauge({
      name: 'opsagent_oldest_undelivered_post_seconds',
      help: 'Age of the oldest message that is not said yet, by channel; 0 when all is said.',
      labelNames: ['channel'],
      registers,
    }),
  };
}

/** What several processes on one store share. */
function fleetCounters(
  Counter: typeof import('prom-client').Counter,
  registers: Registry[],
): Pick<Telemetry, 'redisFaults' | 'sweeps'> {
  const redisFaults = new Counter({
    name: 'opsagent_redis_faults_total',
    help: 'Times that Redis was lost or did not answer in time, by what it was used for; work goes on without it.',
    labelNames: ['use'],
    registers,
  });
  for (const use of ['live', 'queue', 'rates']) redisFaults.inc({ use }, 0);
  const sweeps = new Counter({
    name: 'opsagent_sweeps_total',
    help: 'Rounds that this process did to take up what was left.',
    registers,
  });
  return { redisFaults, sweeps };
}
