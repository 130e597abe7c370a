import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { silentLog } from '../../../../lib/log.ts';
import { createSqliteStore } from '../../../../store/sqlite.ts';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { createSimulatedAws } from '../../../../tools/aws/simulated/simulated-aws.ts';
import { movableClock } from '../../../store/movable-clock.ts';
import { openEstate, START, thrownBy } from './open-estate.ts';

const MINUTE = 60_000;

describe('the simulated estate', () => {
  it('says its account, Region and mode', async () => {
    const { aws, apis } = await openEstate({ region: 'us-east-1' });

    const identity = await apis.sts.getCallerIdentity({});

    expect(aws).to.deep.include({ account: known.account, region: 'us-east-1', mode: 'LOCAL_MOCK' });
    expect(identity).to.deep.include({ Account: '111122223333' });
    expect(identity.Arn).to.match(/OpsAgentReader\/opsagent-c-1$/);
  });

  it('refuses a Region that is not in it and names those that are', async () => {
    const error = await thrownBy(openEstate({ region: 'ap-south-1' }));

    expect(error).to.include({ code: 'input_invalid', hint: 'Use eu-west-1 or us-east-1.' });
  });

  it('refuses a change without a permit', async () => {
    const { clock } = movableClock(START);
    const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    const provider = createSimulatedAws({ seed: 1, clock, store, defaultRegion: 'eu-west-1' });
    const scope = await provider.open({ correlationId: 'c-1', signal: new AbortController().signal });

    const error = await thrownBy((await scope.client('ec2')).rebootInstances({ InstanceIds: [known.sickInstance] }));

    expect(error).to.include({ code: 'write_without_permit' });
  });

  it('is the same world for the same seed, and another one for another', async () => {
    const window = { StartTime: new Date(START - 15 * MINUTE), EndTime: new Date(START) };
    const Metric = {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'InstanceId', Value: known.healthyInstance }],
    };
    const query = { ...window, MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Average' } }] };
    const see = async (seed: number) => {
      const { apis } = await openEstate({ seed });
      return [await apis.cloudwatch.getMetricData(query), await apis.cloudtrail.lookupEvents({})];
    };

    const [once, again, other] = await Promise.all([see(5), see(5), see(6)]);

    expect(again).to.deep.equal(once);
    expect(other?.[0]).to.not.deep.equal(once?.[0]);
    expect(other?.[1]).to.not.deep.equal(once?.[1]);
  });

  it('keeps its ids whatever the seed, because examples name them', async () => {
    const ids = async (seed: number) => {
      const { apis } = await openEstate({ seed });
      const { Reservations = [] } = await apis.ec2.describeInstances({});
      return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId }) => InstanceId);
    };

    const found = await ids(1);

    expect(await ids(99)).to.deep.equal(found);
    expect(new Set(found).size).to.equal(found.length);
    expect(found).to.include.members([known.sickInstance, known.productionInstance, known.untaggedInstance]);
    for (const id of found) expect(id).to.match(/^i-[0-9a-f]{17}$/);
  });

  it('is one world for two processes with one store', async () => {
    const here = await openEstate();
    const there = await openEstate({ store: here.store });

    await here.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });

    const { InstanceStatuses = [] } = await there.apis.ec2.describeInstanceStatus({
      InstanceIds: [known.sickInstance],
    });
    expect(InstanceStatuses[0]?.InstanceStatus?.Status).to.equal('initializing');
  });

  it('loses no change when many processes make them at once', async () => {
    const first = await openEstate();
    const others = await Promise.all([1, 2, 3].map(() => openEstate({ store: first.store })));

    const changes = [first, ...others].flatMap(({ apis }, index) => [
      apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] }),
      apis.ecs.updateService({ ...known.healthyService, desiredCount: index }),
    ]);
    await Promise.all(changes);

    const LookupAttributes = [{ AttributeKey: 'Username' as const, AttributeValue: 'chg-1' }];
    const { Events = [] } = await first.apis.cloudtrail.lookupEvents({ LookupAttributes });
    expect(Events.map(({ EventName }) => EventName).sort()).to.deep.equal([
      ...Array<string>(4).fill('RebootInstances'),
      ...Array<string>(4).fill('UpdateService'),
    ]);
  });

  it('loads no AWS SDK', () => {
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name.startsWith('@aws-sdk') || name.startsWith('@smithy')) throw new Error('loaded ' + name);
        return next(name, context);
      } });
      await import('./tools/aws/simulated/simulated-aws.ts');
      console.log('done');
    `;

    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });

    expect(printed.trim()).to.equal('done');
  });
});
