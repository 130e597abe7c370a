import type { Counter, Gauge, Histogram } from 'prom-client';

/** Counts and times for `/metrics`. Labels come from short closed lists: a name, an id or an address as a label would grow without end. */
export interface Telemetry {
  turns: Pick<Counter<'channel' | 'outcome'>, 'inc'>;
  gate: Pick<Counter<'tool' | 'outcome'>, 'inc'>;
  awsCalls: Pick<Counter<'service' | 'operation' | 'outcome'>, 'inc'>;
  awsCallSeconds: Pick<Histogram<'service' | 'operation'>, 'observe'>;
  auditFailures: Pick<Counter, 'inc'>;
  pendingApprovals: Pick<Gauge, 'set'>;
  /** Everything in the Prometheus text format. */
  text(): Promise<string>;
  /** The content type of `text`. */
  contentType: string;
}

/** For verbs that serve no `/metrics`, and for tests: counts nothing, and spares the 30–100 ms that prom-client takes to load. */
export const silentTelemetry: Telemetry = {
  turns: { inc() {} },
  gate: { inc() {} },
  awsCalls: { inc() {} },
  awsCallSeconds: { observe() {} },
  auditFailures: { inc() {} },
  pendingApprovals: { set() {} },
  text: async () => '',
  contentType: 'text/plain',
};

/** A registry of its own with the metrics of OpsAgent and of the Node process. */
export async function createTelemetry(build: { version: string; mode: string }): Promise<Telemetry> {
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

  return {
    turns: new Counter({
      name: 'opsagent_turns_total',
      help: 'Turns handled, by channel and how they ended.',
      labelNames: ['channel', 'outcome'],
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
    pendingApprovals: new Gauge({
      name: 'opsagent_pending_approvals',
      help: 'Approvals that wait for a person.',
      registers,
    }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
