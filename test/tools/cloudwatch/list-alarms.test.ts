import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { listAlarms } from '../../../tools/cloudwatch/list-alarms.ts';
import { createBench, handMadeAws, NOON, refusals, run } from '../bench.ts';

describe('list_alarms', () => {
  it('lists firing alarms first and offers to look at their instances [T9]', async () => {
    const { context } = await createBench();

    const { view, output } = await run(listAlarms, {}, context);

    const states = (output.alarms as { state: string }[]).map(({ state }) => state);
    const firing = states.filter((state) => state === 'ALARM').length;
    expect(firing).to.be.at.least(2);
    expect(states.slice(0, firing).every((state) => state === 'ALARM')).to.equal(true);
    expect(view).to.include({ status: 'bad', title: `Alarms: ${firing} firing of ${states.length}` });
    expect(view.actions).to.deep.equal([
      { kind: 'say', label: `Status of ${known.sickInstance}`, text: `ec2 status ${known.sickInstance}` },
    ]);
  });

  it('filters by state and name, and says what was searched when there is nothing [T9]', async () => {
    const { context } = await createBench();

    const ok = await run(listAlarms, { state: 'ok' }, context);
    const none = await run(listAlarms, { state: 'alarm', name: 'nothing' }, context);

    expect((ok.output.alarms as { state: string }[]).every(({ state }) => state === 'OK')).to.equal(true);
    expect(none.view).to.include({
      empty: 'No alarms in state alarm whose name contains nothing in eu-west-1.',
      status: 'good',
    });
    expect(refusals(listAlarms, { state: 'red' })).to.deep.equal(['state: one of all, alarm, ok, insufficient_data']);
  });

  it('shows metric, threshold and a cleaned reason, whatever an alarm lacks [T9]', async () => {
    const { context } = await createBench();
    const aws = handMadeAws({
      cloudwatch: {
        describeAlarms: async () => ({
          MetricAlarms: [
            { AlarmName: 'expression', StateReason: `\u001b[2J${'r'.repeat(1000)}` },
            {
              AlarmName: 'cpu',
              StateValue: 'ALARM',
              Namespace: 'AWS/EC2',
              MetricName: 'CPUUtilization',
              ComparisonOperator: 'GreaterThanThreshold',
              Threshold: 80,
            },
          ],
        }),
      },
    });

    const { output } = await run(listAlarms, {}, { ...context, aws });

    const [cpu, expression] = output.alarms as { metric: string; threshold: string; reason: string }[];
    expect(cpu).to.include({ metric: 'AWS/EC2 CPUUtilization', threshold: '> 80' });
    expect(expression).to.include({ metric: 'expression', threshold: '' });
    expect(expression?.reason)
      .to.have.length.at.most(400)
      .and.not.match(/\u001b/);
  });

  it('keeps the number at the end of a reason as AWS writes it, and the moment the state changed [T9]', async () => {
    const { context } = await createBench();
    const points = Array.from({ length: 5 }, (_, i) => `9${i}.5123456789 (20/11/26 11:5${i}:00)`).join(', ');
    const StateReason = `Threshold Crossed: 5 out of the last 5 datapoints [${points}] were greater than the threshold (80.0).`;
    const times = { StateTransitionedTimestamp: new Date(NOON - 60_000), StateUpdatedTimestamp: new Date(NOON) };
    const alarms = [
      { AlarmName: 'a', StateReason, ...times },
      { AlarmName: 'b', StateUpdatedTimestamp: new Date(NOON) },
    ];
    const aws = handMadeAws({ cloudwatch: { describeAlarms: async () => ({ MetricAlarms: alarms }) } });

    const { view } = await run(listAlarms, {}, { ...context, aws });

    const [a, b] = view.kind === 'table' ? view.rows : [];
    expect(a?.[4]).to.match(/^5 out of the last 5 .*threshold \(80\.0\)\.$/);
    expect([a?.[2], b?.[2]]).to.deep.equal([{ at: '2026-11-20T11:59:00.000Z' }, 'unknown']);
  });

  it('reads five pages at most and says that there is more [T9, T11]', async () => {
    const { context } = await createBench();
    let pages = 0;
    const describeAlarms = async () => ({ MetricAlarms: [{ AlarmName: `a${pages++}` }], NextToken: `p${pages}` });

    const { output, view } = await run(
      listAlarms,
      {},
      { ...context, aws: handMadeAws({ cloudwatch: { describeAlarms } }) },
    );

    expect(pages).to.equal(5);
    expect(output).to.include({ more: true });
    expect(view.note).to.match(/state=alarm/);
  });
});
