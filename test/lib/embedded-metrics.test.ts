import { expect } from 'chai';
import fc from 'fast-check';
import { embeddedMetrics } from '../../lib/embedded-metrics.ts';
import { createTelemetry, type Sample } from '../../lib/telemetry.ts';
import { readEmf } from './emf-spec.ts';

const build = { version: '0.1.0', mode: 'LOCAL_MOCK' };
const NOON = 1_780_000_000_000;

describe('metrics in the embedded format', () => {
  it('say what grew since the line before, what stands, and sum over the tool [A6]', async () => {
    const telemetry = await createTelemetry(build);
    telemetry.gate.inc({ tool: 'reboot_ec2', outcome: 'pending' }, 2);
    telemetry.gate.inc({ tool: 'list_alarms', outcome: 'pending' }, 3);
    const before = await telemetry.samples();
    telemetry.gate.inc({ tool: 'list_alarms', outcome: 'pending' }, 4);
    telemetry.turnSeconds.observe({ channel: 'web' }, 0.5);
    telemetry.turnSeconds.observe({ channel: 'web' }, 0.25);
    telemetry.pendingApprovals.set({ age: 'over_10m' }, 3);
    const after = await telemetry.samples();

    const first = embeddedMetrics(before, [], build, NOON).map(readEmf);
    const second = embeddedMetrics(after, before, build, NOON).map(readEmf);

    const of = (lines: typeof first, label: string, value: string) =>
      lines.find(({ dimensions }) => dimensions[label] === value)?.metrics;
    expect(of(first, 'outcome', 'pending')).to.deep.equal({ opsagent_gate_total: 5 });
    expect(of(second, 'outcome', 'pending')).to.deep.equal({ opsagent_gate_total: 4 });
    expect(of(second, 'channel', 'web')).to.deep.equal({
      opsagent_turn_seconds_sum: 0.75,
      opsagent_turn_seconds_count: 2,
    });
    expect(of(second, 'age', 'over_10m')).to.deep.equal({ opsagent_pending_approvals: 3 });
    expect(second.map(({ dimensions }) => dimensions.mode)).to.deep.equal(Array(second.length).fill('LOCAL_MOCK'));
  });

  it('say of what stood and stands no more that it is 0 [A6]', async () => {
    const telemetry = await createTelemetry(build);
    telemetry.pendingApprovals.set({ age: 'over_10m' }, 3);
    const before = await telemetry.samples();
    telemetry.pendingApprovals.set({ age: 'over_10m' }, 0);
    const after = await telemetry.samples();

    const told = embeddedMetrics(after, before, build, NOON).map(readEmf);

    const waiting = told.filter(({ dimensions }) => dimensions.age === 'over_10m').map(({ metrics }) => metrics);
    expect(waiting).to.deep.equal([{ opsagent_pending_approvals: 0 }]);
  });

  it('hold every metric of OpsAgent that /metrics has, and no other list [A6]', async () => {
    const telemetry = await createTelemetry(build);
    telemetry.turns.inc({ channel: 'web', outcome: 'done' });
    telemetry.turnSeconds.observe({ channel: 'web' }, 1);
    telemetry.gate.inc({ tool: 't', outcome: 'done' });
    telemetry.awsCalls.inc({ service: 'ec2', operation: 'o', outcome: 'ok' });
    telemetry.awsCallSeconds.observe({ service: 'ec2', operation: 'o' }, 1);
    telemetry.storeErrors.inc({ code: 'store_unavailable' });
    telemetry.redisFaults.inc({ use: 'live' });
    telemetry.pendingApprovals.set({ age: 'a' }, 1);
    telemetry.undeliveredPosts.set({ channel: 'web' }, 1);
    telemetry.oldestUndeliveredSeconds.set({ channel: 'web' }, 1);
    const text = await telemetry.text();

    const told = embeddedMetrics(await telemetry.samples(), [], build, NOON).map(readEmf);

    const exposed = [...text.matchAll(/^# TYPE (opsagent_\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_sum`, `${name}_count`] : [name],
    );
    const names = new Set(told.flatMap(({ metrics }) => Object.keys(metrics)));
    expect([...names].filter((name) => name.startsWith('opsagent_')).toSorted()).to.deep.equal(exposed.toSorted());
    expect([...names].filter((name) => !name.startsWith('opsagent_'))).to.have.members([
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]);
  });

  it('are what CloudWatch takes, whatever is counted: 100 metrics and 30 dimensions at most, numbers only [A6]', () => {
    const name = fc.integer({ min: 0, max: 150 }).map((at) => `opsagent_n${at}_total`);
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
    const labels = fc.dictionary(
      fc.constantFrom('channel', 'outcome', 'tool', 'operation'),
      fc.constantFrom('', 'web', 'done'),
    );
    const sample: fc.Arbitrary<Sample> = fc.record({ name, value, labels, grows: fc.boolean() });

    const many = Array.from({ length: 250 }, (_, at) => ({
      name: `opsagent_n${at}`,
      labels: {},
      grows: false,
      value: at,
    }));
    const sizes = embeddedMetrics(many, [], build, NOON).map((line) => Object.keys(readEmf(line).metrics).length);
    expect(sizes).to.deep.equal([100, 100, 50]);
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
        const lines = embeddedMetrics(samples, samples.slice(0, 20), build, NOON);

        const read = lines.map(readEmf);
        return read.every(({ dimensions }) => Object.keys(dimensions).length <= 3);
      }),
      { numRuns: 100 },
    );
  });
});
