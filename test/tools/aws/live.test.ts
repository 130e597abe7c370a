import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { expectDryRun } from '../../../tools/aws/errors.ts';
import { createLiveAws, type LiveOptions } from '../../../tools/aws/live.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { type Moto, moto } from '../../peers/peers.ts';

const request = { correlationId: 'c-1', signal: new AbortController().signal };
const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('AWS for real, played by moto', () => {
  let aws: Moto;
  let instanceIds: string[];

  before(async function () {
    this.timeout(60_000);
    aws = await moto(this);
  });

  beforeEach(async () => {
    await aws.reset();
    const ec2 = new EC2({ region: 'eu-west-1', endpoint: aws.url });
    const { Instances = [] } = await ec2.runInstances({ ImageId: 'ami-12345678', MinCount: 2, MaxCount: 2 });
    instanceIds = Instances.map(({ InstanceId = '' }) => InstanceId);
    ec2.destroy();
  });

  after(async () => {
    await aws?.stop();
  });

  const live = (options: Partial<LiveOptions> = {}) =>
    createLiveAws({ mode: 'SANDBOX_LIVE', defaultRegion: 'eu-west-1', endpointUrl: aws.url, ...options });
  const sent = async (action: string) => (await aws.calls()).filter((call) => call.action === action);

  it('knows its account and Region, and asks for the account once', async () => {
    const provider = live();

    const [first, second] = await Promise.all([
      provider.open(request),
      provider.open({ ...request, region: 'us-east-1' }),
    ]);

    expect(first).to.deep.include({ account: { id: '123456789012' }, region: 'eu-west-1', mode: 'SANDBOX_LIVE' });
    expect(second.region).to.equal('us-east-1');
    expect(await sent('GetCallerIdentity')).to.have.length(1);
  });

  it('reads instances in the Region of the scope only [T1]', async () => {
    const provider = live();
    const here = await (await provider.open(request)).client('ec2');
    const there = await (await provider.open({ ...request, region: 'us-east-1' })).client('ec2');

    const found = await here.describeInstances({ InstanceIds: instanceIds });
    const missed = await thrownBy(there.describeInstances({ InstanceIds: instanceIds }));

    expect(found.Reservations?.flatMap(({ Instances = [] }) => Instances)).to.have.length(2);
    expect(missed)
      .to.include({ code: 'aws_not_found' })
      .and.nested.include({ 'facts.aws_code': 'InvalidInstanceID.NotFound' });
    expect(missed).to.have.nested.property('facts.request_id').that.is.a('string');
  });

  it('reboots with a permit, and CloudTrail shows it [T4, T5]', async () => {
    const scope = await live().open({ ...request, permit: mintPermit('chg-1', 1, () => true) });
    const [id = ''] = instanceIds;

    await (await scope.client('ec2')).rebootInstances({ InstanceIds: [id] });

    const trail = await scope.client('cloudtrail');
    const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: id }];
    const { Events = [] } = await trail.lookupEvents({ LookupAttributes });
    expect((await sent('RebootInstances')).map(({ params }) => params['InstanceId.1'])).to.deep.equal([id]);
    expect(Events.map(({ EventName }) => EventName)).to.deep.equal(['RebootInstances']);
  });

  it('sends no reboot without a permit', async () => {
    const scope = await live().open(request);

    const error = await thrownBy((await scope.client('ec2')).rebootInstances({ InstanceIds: instanceIds }));

    expect(error).to.include({ code: 'write_without_permit' });
    expect(await sent('RebootInstances')).to.deep.equal([]);
  });

  it('proves the permission in DRY_RUN and sends nothing that changes', async () => {
    const scope = await live({ mode: 'DRY_RUN' }).open({ ...request, permit: mintPermit('chg-1', 1, () => true) });
    const ec2 = await scope.client('ec2');

    const refused = await thrownBy(ec2.rebootInstances({ InstanceIds: instanceIds }));
    await expectDryRun(ec2.rebootInstances({ InstanceIds: instanceIds, DryRun: true }));

    expect(refused).to.include({ code: 'write_without_permit' });
    expect((await sent('RebootInstances')).map(({ params }) => params.DryRun)).to.deep.equal(['true']);
  });

  it('speaks to every service it lists', async () => {
    const scope = await live().open(request);
    const hour = { StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date() };
    const Metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
    const MetricDataQueries = [{ Id: 'cpu', MetricStat: { Metric, Period: 60, Stat: 'Average' } }];

    const { clusterArns } = await (await scope.client('ecs')).listClusters({});
    const { MetricDataResults } = await (await scope.client('cloudwatch')).getMetricData({
      ...hour,
      MetricDataQueries,
    });
    const { MetricAlarms } = await (await scope.client('cloudwatch')).describeAlarms({});
    const { LoadBalancers } = await (await scope.client('elbv2')).describeLoadBalancers({});

    expect([clusterArns, MetricAlarms, LoadBalancers]).to.deep.equal([[], [], []]);
    expect(MetricDataResults?.[0]).to.deep.include({ Id: 'cpu', Values: [] });
  });

  it('refuses what is no Region before asking anyone', async () => {
    const error = await thrownBy(live().open({ ...request, region: 'eu-west-1.evil.example' }));

    expect(error).to.include({ code: 'input_invalid' });
    expect(await sent('GetCallerIdentity')).to.deep.equal([]);
  });

  it('warms up without being waited for and without harm when AWS is away', async () => {
    const provider = live();

    await provider.warm();
    await provider.open(request);
    await live({ endpointUrl: 'http://127.0.0.1:1' }).warm();

    expect(await sent('GetCallerIdentity')).to.have.length(1);
  });
});
