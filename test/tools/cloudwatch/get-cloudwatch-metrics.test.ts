import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { getCloudwatchMetrics } from '../../../tools/cloudwatch/get-cloudwatch-metrics.ts';
import { periodFor } from '../../../tools/cloudwatch/metric-data.ts';
import { createBench, failureOf, handMadeAws, NOON, refusals, run } from '../bench.ts';

const cpu = { namespace: 'AWS/EC2', metric_name: 'CPUUtilization', resource_id: known.sickInstance };
const DAY = 86_400_000;

const statisticsOf = (output: Record<string, unknown>) => output.statistics as Record<string, unknown>;

describe('get_cloudwatch_metrics', () => {
  it('tells average, extremes, trend and data points, with a chart [T2]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(getCloudwatchMetrics, cpu, context);

    expect(output).to.deep.include({
      unit: 'percent',
      period_seconds: 60,
      dimensions: { InstanceId: known.sickInstance },
    });
    const { average, maximum, minimum, trend } = statisticsOf(output);
    expect(trend).to.equal('stable');
    expect(average).to.be.within(91, 99);
    expect(maximum).to.be.at.least(Number(average)).and.at.most(100);
    expect(minimum).to.be.at.most(Number(average));
    expect(view).to.include({ kind: 'chart', title: `CPUUtilization of ${known.sickInstance}, last 15 minutes` });
    const labels = view.kind === 'chart' ? view.fields.map(({ label }) => label) : [];
    expect(labels).to.deep.equal(['Average', 'Maximum', 'Minimum', 'Trend', 'Data points']);
  });

  it('sees the leak of the sick instance rising [T2]', async () => {
    const { context, setNow } = await createBench();
    setNow(Math.ceil(NOON / (180 * 60_000)) * 180 * 60_000 + 150 * 60_000);

    const { output } = await run(
      getCloudwatchMetrics,
      { namespace: 'CWAgent', metric_name: 'mem_used_percent', resource_id: known.sickInstance, time_window: '2h' },
      context,
    );

    expect(statisticsOf(output).trend).to.equal('rising');
  });

  const resources: [string, string, string, object][] = [
    ['AWS/ECS', 'CPUUtilization', 'main/checkout', { ClusterName: 'main', ServiceName: 'checkout' }],
    ['AWS/ECS', 'CPUUtilization', 'main', { ClusterName: 'main' }],
    ['CWAgent', 'mem_used_percent', known.healthyInstance, { InstanceId: known.healthyInstance }],
    ['AWS/ApplicationELB', 'RequestCount', 'app/web/50dc6c495c0c9188', { LoadBalancer: 'app/web/50dc6c495c0c9188' }],
    [
      'AWS/ApplicationELB',
      'RequestCount',
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188',
      { LoadBalancer: 'app/web/50dc6c495c0c9188' },
    ],
  ];
  for (const [namespace, metric_name, resource_id, dimensions] of resources) {
    it(`finds the dimensions of ${resource_id} in ${namespace} [T2]`, async () => {
      const { context } = await createBench();

      const { output } = await run(getCloudwatchMetrics, { namespace, metric_name, resource_id }, context);

      expect(output.dimensions).to.deep.equal(dimensions);
    });
  }

  for (const [namespace, resource_id] of [
    ['AWS/EC2', 'web-1'],
    ['AWS/ECS', 'a/b/c'],
    ['AWS/ECS', '/b'],
    ['AWS/ApplicationELB', 'web'],
  ] as const) {
    it(`refuses ${resource_id} for ${namespace} and shows what it takes [T2]`, async () => {
      const { context } = await createBench();

      const error = await failureOf(run(getCloudwatchMetrics, { namespace, metric_name: 'X', resource_id }, context));

      expect(error).to.include({ code: 'input_invalid' });
      expect(error.hint).to.match(/like /);
    });
  }

  it('refuses an unknown namespace with those it knows [T2]', () => {
    expect(refusals(getCloudwatchMetrics, { ...cpu, namespace: 'AWS/Lambda' })).to.deep.equal([
      'namespace: one of AWS/EC2, AWS/ECS, AWS/ApplicationELB, CWAgent',
    ]);
    expect(refusals(getCloudwatchMetrics, { ...cpu, statistic: 'Median' })[0]).to.match(/a statistic like Average/);
  });

  it('echoes the exact query when there is no data [T2]', async () => {
    const { context } = await createBench();

    const { view, output } = await run(getCloudwatchMetrics, { ...cpu, metric_name: 'Nothing' }, context);

    expect(statisticsOf(output)).to.include({ average: null, maximum: null, minimum: null });
    expect(view).to.include({ kind: 'facts', status: 'warning' });
    const text = JSON.stringify(view);
    for (const part of [
      'AWS/EC2 Nothing (Average)',
      `InstanceId=${known.sickInstance}`,
      new Date(NOON).toISOString(),
      '1 min',
    ]) {
      expect(text).to.include(part);
    }
  });

  it('shows the highest single value of a long period, not only the highest average [T2]', async () => {
    const { context } = await createBench();
    const asked: string[] = [];
    const values: Record<string, number[]> = { Average: [10, 20], Maximum: [99, 30], Minimum: [1, 2] };
    const aws = handMadeAws({
      cloudwatch: {
        getMetricData: async ({ MetricDataQueries = [] }) => ({
          MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
            asked.push(MetricStat?.Stat ?? '');
            return {
              Id,
              Timestamps: [new Date(NOON - 1000), new Date(NOON - 2000)],
              Values: values[MetricStat?.Stat ?? ''],
            };
          }),
        }),
      },
    });

    const { output } = await run(getCloudwatchMetrics, cpu, { ...context, aws });

    expect(asked).to.deep.equal(['Average', 'Maximum', 'Minimum']);
    expect(statisticsOf(output)).to.include({ average: 15, maximum: 99, minimum: 1 });
    expect((output.data_points as { value: number }[]).map(({ value }) => value)).to.deep.equal([20, 10]);
  });

  it('joins the pages of one answer and stops after five [T2, T11]', async () => {
    const { context } = await createBench();
    let pages = 0;
    const aws = handMadeAws({
      cloudwatch: {
        getMetricData: async () => {
          const at = new Date(NOON - 600_000 + pages++ * 60_000);
          return { MetricDataResults: [{ Id: 'q0', Timestamps: [at], Values: [pages] }], NextToken: `p${pages}` };
        },
      },
    });

    const { output } = await run(getCloudwatchMetrics, { ...cpu, statistic: 'Sum' }, { ...context, aws });

    expect(pages).to.equal(5);
    expect(statisticsOf(output)).to.include({ average: 3, maximum: 5, minimum: 1 });
  });

  it('leaves the sum of the period under way out, which would look like a drop [T2]', async () => {
    const { context, setNow } = await createBench();
    setNow(NOON + 90_000);
    const alb = 'app/staging-web/9d5938328ef329a4';
    const input = {
      namespace: 'AWS/ApplicationELB',
      metric_name: 'RequestCount',
      resource_id: alb,
      time_window: '24h',
    };

    const sums = await run(getCloudwatchMetrics, { ...input, statistic: 'Sum' }, context);
    const averages = await run(getCloudwatchMetrics, input, context);

    const lastOf = (points: unknown) => (points as { at: string }[]).at(-1)?.at;
    expect(lastOf(averages.output.data_points)).to.equal(new Date(NOON).toISOString());
    expect(lastOf(sums.output.data_points)).to.equal(new Date(NOON - 300_000).toISOString());
  });

  const periods: [string, number, number, number][] = [
    ['15 minutes', 15 * 60_000, 0, 60],
    ['6 hours', DAY / 4, 0, 60],
    ['a day', DAY, 0, 300],
    ['a week', 7 * DAY, 0, 3600],
    ['90 days', 90 * DAY, 0, 21_600],
    ['an hour 20 days ago', DAY / 24, 20 * DAY, 300],
    ['an hour 70 days ago', DAY / 24, 70 * DAY, 3600],
  ];
  for (const [name, span, ago, period] of periods) {
    it(`reads ${name} in periods of ${period} s, which CloudWatch still holds and a chart can show [T2]`, () => {
      const window = { from: NOON - ago - span, to: NOON - ago, label: '' };

      expect(periodFor(window, NOON)).to.equal(period);
      expect(span / 1000 / period).to.be.at.most(1440);
    });
  }
});
