import { expect } from 'chai';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { type OpenEstate, openEstate, START, thrownBy } from './open-estate.ts';

const MINUTE = 60_000;

interface Ask {
  namespace?: string;
  metric?: string;
  dimensions?: Record<string, string>;
  minutes?: number;
  period?: number;
  stat?: string;
}

function query(ask: Ask, end = START) {
  const { namespace = 'AWS/EC2', metric = 'CPUUtilization', minutes = 15, period = 60, stat = 'Average' } = ask;
  const dimensions = ask.dimensions ?? { InstanceId: known.healthyInstance };
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    StartTime: new Date(end - minutes * MINUTE),
    EndTime: new Date(end),
    ScanBy: 'TimestampAscending' as const,
    MetricDataQueries: [
      {
        Id: 'm1',
        MetricStat: { Metric: { Namespace: namespace, MetricName: metric, Dimensions }, Period: period, Stat: stat },
      },
    ],
  };
}

async function values({ apis }: OpenEstate, ask: Ask, end?: number): Promise<number[]> {
  const { MetricDataResults = [] } = await apis.cloudwatch.getMetricData(query(ask, end));
  return MetricDataResults[0]?.Values ?? [];
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

async function alarm({ apis }: OpenEstate, name: string) {
  const { MetricAlarms = [] } = await apis.cloudwatch.describeAlarms({ AlarmNames: [name] });
  return MetricAlarms[0];
}

describe('simulated CloudWatch metrics', () => {
  it('has a point for every minute that is over, oldest first on request [T2]', async () => {
    const { apis } = await openEstate();

    const { MetricDataResults = [] } = await apis.cloudwatch.getMetricData(query({}));

    const times = MetricDataResults[0]?.Timestamps?.map((at) => at.toISOString()) ?? [];
    expect(times.at(0)).to.equal('2026-03-03T13:55:00.000Z');
    expect(times.at(-1)).to.equal('2026-03-03T14:09:00.000Z');
    expect(times).to.have.length(15);
    expect(MetricDataResults[0]?.StatusCode).to.equal('Complete');
  });

  it('answers newest first unless asked otherwise, as CloudWatch does [T2]', async () => {
    const estate = await openEstate();

    const { MetricDataResults = [] } = await estate.apis.cloudwatch.getMetricData({ ...query({}), ScanBy: undefined });

    expect(MetricDataResults[0]?.Values).to.deep.equal((await values(estate, {})).reverse());
  });

  it('never changes a minute that is past [T2]', async () => {
    const estate = await openEstate();
    const before = await values(estate, { minutes: 30 });

    estate.setNow(START + 6 * 3_600_000);

    expect(await values(estate, { minutes: 30 })).to.deep.equal(before);
  });

  it('shows the sick instance hot and its memory climbing, and both calm after a reboot [T1, T5]', async () => {
    const estate = await openEstate();
    const sick = { InstanceId: known.sickInstance };
    const cpu = await values(estate, { dimensions: sick });
    const memory = await values(estate, { dimensions: sick, namespace: 'CWAgent', metric: 'mem_used_percent' });

    await estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });

    const later = START + 20 * MINUTE;
    estate.setNow(later);
    const after = await values(estate, { dimensions: sick, minutes: 15 }, later);
    expect(Math.min(...cpu)).to.be.above(85);
    expect(mean(memory.slice(10))).to.be.above(mean(memory.slice(0, 5)) + 0.5);
    expect(Math.max(...after)).to.be.below(50);
    expect(await values(estate, { dimensions: sick })).to.deep.equal(cpu);
  });

  it('remembers that the instance was sick after however many reboots [T1]', async () => {
    const estate = await openEstate();
    const ask = { dimensions: { InstanceId: known.sickInstance } };
    const before = await values(estate, ask);

    for (let time = 0; time < 30; time += 1) {
      estate.setNow(START + time * MINUTE);
      await estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });
    }

    expect(await values(estate, ask)).to.deep.equal(before);
  });

  it('has a gap of two minutes at a reboot [T1]', async () => {
    const estate = await openEstate();
    await estate.apis.ec2.rebootInstances({ InstanceIds: [known.healthyInstance] });
    estate.setNow(START + 10 * MINUTE);

    const { apis } = estate;
    const { MetricDataResults = [] } = await apis.cloudwatch.getMetricData(query({ minutes: 15 }, START + 10 * MINUTE));

    const minutes = MetricDataResults[0]?.Timestamps?.map((at) => at.getUTCMinutes()) ?? [];
    expect(minutes).to.include.members([9, 12]).and.not.include.members([10]).and.not.include(11);
  });

  it('knows every statistic and widens the points with the period [T2]', async () => {
    const estate = await openEstate();
    const ask = (stat: string) => values(estate, { minutes: 60, period: 300, stat });

    const [average, sum, low, high, count, p90] = await Promise.all(
      ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount', 'p90'].map(ask),
    );

    expect(average).to.have.length(12);
    expect(count?.[3]).to.equal(5);
    for (const at of [1, 5, 9]) {
      const [mid = 0, total = 0, least = 0, most = 0, ninth = 0] = [average, sum, low, high, p90].map(
        (one) => one?.[at],
      );
      expect(total).to.be.closeTo(mid * 5, 0.001);
      expect(mid).to.be.within(least, most);
      expect(ninth).to.be.within(mid, most);
    }
  });

  it('has nothing for dimensions it does not know, for stopped instances and for the future [T2]', async () => {
    const estate = await openEstate();

    expect(await values(estate, { dimensions: { InstanceId: 'i-0123456789abcdef0' } })).to.deep.equal([]);
    expect(await values(estate, { dimensions: { InstanceId: known.healthyInstance, Extra: 'x' } })).to.deep.equal([]);
    expect(await values(estate, { dimensions: { InstanceId: known.stoppedInstance } })).to.deep.equal([]);
    expect(await values(estate, { metric: 'NoSuchMetric' })).to.deep.equal([]);
    expect(await values(estate, {}, START + 3_600_000)).to.deep.equal([]);
  });

  it('answers several queries by their ids and pages long answers [T2, T11]', async () => {
    const { apis } = await openEstate();
    const long = query({ minutes: 60 });
    const [first] = long.MetricDataQueries;
    const input = {
      ...long,
      MaxDatapoints: 80,
      MetricDataQueries: [
        { ...first, Id: 'a' },
        { ...first, Id: 'b' },
      ],
    };

    const one = await apis.cloudwatch.getMetricData(input);
    const two = await apis.cloudwatch.getMetricData({ ...input, NextToken: one.NextToken });

    expect(one.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values?.length, StatusCode])).to.deep.equal([
      ['a', 40, 'PartialData'],
      ['b', 40, 'PartialData'],
    ]);
    expect(two.MetricDataResults?.map(({ Values }) => Values?.length)).to.deep.equal([20, 20]);
    expect(two.NextToken).to.equal(undefined);
  });

  it('refuses periods, statistics and windows that cannot be [T11]', async () => {
    const { apis } = await openEstate();

    for (const ask of [{ period: 90 }, { stat: 'Median' }, { minutes: 0 }]) {
      expect(await thrownBy(apis.cloudwatch.getMetricData(query(ask)))).to.include({ code: 'aws_invalid' });
    }
  });

  it('counts unhealthy hosts and server errors of the sick service [T2]', async () => {
    const estate = await openEstate();
    const checkoutAlarm = await alarm(estate, 'checkout-unhealthy-hosts');
    const dimensions = Object.fromEntries(
      (checkoutAlarm?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
    );
    const ask = { namespace: 'AWS/ApplicationELB', dimensions };

    const unhealthy = await values(estate, { ...ask, metric: 'UnHealthyHostCount', stat: 'Maximum' });
    const errors = await values(estate, { ...ask, metric: 'HTTPCode_Target_5XX_Count', stat: 'Sum' });
    const load = await values(estate, {
      namespace: 'AWS/ECS',
      dimensions: { ClusterName: 'main', ServiceName: 'checkout' },
    });

    expect(new Set(unhealthy)).to.deep.equal(new Set([2]));
    expect(Math.min(...errors)).to.be.above(10);
    expect(Math.min(...load)).to.be.above(90);
  });
});

describe('simulated CloudWatch alarms', () => {
  it('keep the moment of their last change of state while a service is scaled without one [T9]', async () => {
    const estate = await openEstate();
    const sinceAfter = async (desiredCount: number, at: number) => {
      estate.setNow(at);
      await estate.apis.ecs.updateService({ ...known.sickService, desiredCount });
      estate.setNow(at + 5 * MINUTE);
      const seen = await alarm(estate, 'checkout-unhealthy-hosts');
      return [seen?.StateValue, seen?.StateTransitionedTimestamp?.getTime()];
    };
    const before = (await alarm(estate, 'checkout-unhealthy-hosts'))?.StateTransitionedTimestamp?.getTime();

    const stillSick = await sinceAfter(3, START);
    const healed = await sinceAfter(6, START + 10 * MINUTE);
    const stillWell = await sinceAfter(8, START + 20 * MINUTE);

    expect(stillSick).to.deep.equal(['ALARM', before]);
    expect(healed).to.deep.equal(['OK', START + 11 * MINUTE]);
    expect(stillWell).to.deep.equal(healed);
  });

  it('are in every state, and those of the two stories ring [T9]', async () => {
    const { apis } = await openEstate();

    const { MetricAlarms = [] } = await apis.cloudwatch.describeAlarms({});

    const ringing = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => AlarmName);
    expect(ringing).to.deep.equal(['checkout-unhealthy-hosts', 'web-2-cpu-high', 'web-2-status-check']);
    expect(new Set(MetricAlarms.map(({ StateValue }) => StateValue)).size).to.equal(3);
  });

  it('can be asked for by state and prefix, page by page [T9, T11]', async () => {
    const { apis } = await openEstate();

    const byState = await apis.cloudwatch.describeAlarms({ StateValue: 'INSUFFICIENT_DATA' });
    const first = await apis.cloudwatch.describeAlarms({ AlarmNamePrefix: 'web-2', MaxRecords: 1 });
    const second = await apis.cloudwatch.describeAlarms({
      AlarmNamePrefix: 'web-2',
      MaxRecords: 1,
      NextToken: first.NextToken,
    });

    const names = [byState, first, second].map(({ MetricAlarms = [] }) =>
      MetricAlarms.map(({ AlarmName }) => AlarmName),
    );
    expect(names).to.deep.equal([['batch-1-cpu-idle'], ['web-2-cpu-high'], ['web-2-status-check']]);
    expect(second.NextToken).to.equal(undefined);
  });

  it('calm down a minute after the trouble is over [T5, T6]', async () => {
    const estate = await openEstate();
    await estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });
    await estate.apis.ecs.updateService({ cluster: 'main', service: 'checkout', desiredCount: 6 });
    const states = async () =>
      Promise.all(
        ['web-2-cpu-high', 'checkout-unhealthy-hosts'].map(async (name) => (await alarm(estate, name))?.StateValue),
      );

    estate.setNow(START + MINUTE - 1);
    const before = await states();
    estate.setNow(START + MINUTE);

    expect(before).to.deep.equal(['ALARM', 'ALARM']);
    expect(await states()).to.deep.equal(['OK', 'OK']);
  });
});
