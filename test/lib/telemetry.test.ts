import { expect } from 'chai';
import { createTelemetry, silentTelemetry } from '../../lib/telemetry.ts';

describe('telemetry', () => {
  it('tells Prometheus what was counted, what runs and how the process does [A6]', async () => {
    const telemetry = await createTelemetry({ version: '0.1.0', mode: 'LOCAL_MOCK' });
    telemetry.turns.inc({ channel: 'web', outcome: 'done' });
    telemetry.gate.inc({ tool: 'stop_ec2_instance', outcome: 'pending' }, 2);
    telemetry.awsCalls.inc({ service: 'EC2', operation: 'DescribeInstances', outcome: 'ok' });
    telemetry.awsCallSeconds.observe({ service: 'EC2', operation: 'DescribeInstances' }, 0.2);
    telemetry.auditFailures.inc();
    telemetry.auditCheckpointLagRecords.set(7);
    telemetry.auditCheckpointLagSeconds.set(61);
    telemetry.auditCheckpointFailures.inc();
    telemetry.pendingApprovals.set({ age: 'over_10m' }, 3);
    telemetry.turnSeconds.observe({ channel: 'web' }, 0.04);
    telemetry.modelCostUsd.inc(0.25);
    telemetry.undeliveredPosts.set({ channel: 'slack' }, 2);
    telemetry.oldestUndeliveredSeconds.set({ channel: 'slack' }, 61);

    const text = await telemetry.text();

    expect(text.split('\n')).to.include.members([
      'opsagent_turns_total{channel="web",outcome="done"} 1',
      'opsagent_gate_total{tool="stop_ec2_instance",outcome="pending"} 2',
      'opsagent_aws_calls_total{service="EC2",operation="DescribeInstances",outcome="ok"} 1',
      'opsagent_aws_call_seconds_bucket{le="0.25",service="EC2",operation="DescribeInstances"} 1',
      'opsagent_aws_call_seconds_bucket{le="0.1",service="EC2",operation="DescribeInstances"} 0',
      'opsagent_audit_failures_total 1',
      'opsagent_audit_checkpoint_lag_records 7',
      'opsagent_audit_checkpoint_lag_seconds 61',
      'opsagent_audit_checkpoint_failures_total 1',
      'opsagent_pending_approvals{age="over_10m"} 3',
      'opsagent_turn_seconds_bucket{le="0.05",channel="web"} 1',
      'opsagent_model_cost_usd_total 0.25',
      'opsagent_undelivered_posts{channel="slack"} 2',
      'opsagent_oldest_undelivered_post_seconds{channel="slack"} 61',
      'opsagent_store_errors_total{code="store_unavailable"} 0',
      'opsagent_store_errors_total{code="store_corrupt"} 0',
      'opsagent_build_info{version="0.1.0",mode="LOCAL_MOCK"} 1',
    ]);
    expect(text).to.include('process_resident_memory_bytes');
    expect(telemetry.contentType).to.include('text/plain');
  });

  it('keeps two houses in one process apart', async () => {
    const [one, two] = await Promise.all([
      createTelemetry({ version: '1', mode: 'a' }),
      createTelemetry({ version: '2', mode: 'b' }),
    ]);
    one.auditFailures.inc();

    const texts = [await one.text(), await two.text()];

    expect(texts.map((text) => /opsagent_audit_failures_total (\d)/.exec(text)?.[1])).to.deep.equal(['1', '0']);
  });

  it('can be silent', async () => {
    silentTelemetry.turns.inc({ channel: 'terminal', outcome: 'done' });

    const text = await silentTelemetry.text();

    expect(text).to.equal('');
  });
});
