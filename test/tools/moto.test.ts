import { EC2 } from '@aws-sdk/client-ec2';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAM } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { createLiveAws } from '../../tools/aws/live.ts';
import { mintPermit } from '../../tools/aws/permit.ts';
import { searchCloudtrailEvents } from '../../tools/cloudtrail/search-cloudtrail-events.ts';
import { getCloudwatchMetrics } from '../../tools/cloudwatch/get-cloudwatch-metrics.ts';
import { listAlarms } from '../../tools/cloudwatch/list-alarms.ts';
import { getEc2Status } from '../../tools/ec2/get-ec2-status.ts';
import { listEc2Instances } from '../../tools/ec2/list-ec2-instances.ts';
import { rebootEc2 } from '../../tools/ec2/reboot-ec2.ts';
import { listEcsServices } from '../../tools/ecs/list-ecs-services.ts';
import { scaleEcsService } from '../../tools/ecs/scale-ecs-service.ts';
import { describeAlbTargetHealth } from '../../tools/elbv2/describe-alb-target-health.ts';
import { listLoadBalancers } from '../../tools/elbv2/list-load-balancers.ts';
import { getReport } from '../../tools/reports/get-report.ts';
import type { Report } from '../../tools/reports/report.ts';
import type { ToolContext, WriteTool } from '../../tools/tool.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { createBench, failureOf, run } from './bench.ts';

const region = 'eu-west-1';
const tags = [
  { Key: 'Name', Value: 'web-1' },
  { Key: 'OpsAgentManaged', Value: 'true' },
  { Key: 'Environment', Value: 'staging' },
];

describe('the tools against AWS, played by moto', () => {
  let peer: Moto;
  let id: string;
  let context: ToolContext;

  before(async function () {
    this.timeout(60_000);
    peer = await moto(this);
  });

  beforeEach(async () => {
    await peer.reset();
    id = await runInstance(peer.url);
    context = await contextFor('SANDBOX_LIVE');
  });

  after(async () => {
    await peer?.stop();
  });

  async function contextFor(mode: 'SANDBOX_LIVE' | 'DRY_RUN'): Promise<ToolContext> {
    const provider = createLiveAws({ mode, defaultRegion: region, endpointUrl: peer.url });
    const permit = mintPermit('chg-1', 1, () => true);
    const aws = await provider.open({ correlationId: 'c-1', signal: new AbortController().signal, permit });
    return { ...(await createBench({ aws })).context, clock: systemClock };
  }

  const calls = async (action: string) => (await peer.calls()).filter((call) => call.action === action);

  it('reads an instance with its checks and says that there are no metrics yet [T1]', async () => {
    const { output, view } = await run(getEc2Status, { instance_id: id, metrics: 'cpu,memory' }, context);

    expect(output.instance).to.deep.include({
      id,
      name: 'web-1',
      state: 'running',
      system_check: 'ok',
      instance_check: 'ok',
    });
    expect(output.measured).to.deep.equal([]);
    expect(view).to.include({ kind: 'facts', status: 'good' });
    expect(await calls('GetMetricData')).to.have.length(1);
  });

  it('maps an instance that is not there to AWS’s own words with the request id [T1, T11]', async () => {
    const error = await failureOf(run(getEc2Status, { instance_id: 'i-0a1b2c3d4e5f60718' }, context));

    expect(error).to.include({ code: 'aws_not_found' });
    expect(error).to.have.nested.property('facts.request_id').that.is.a('string');
  });

  it('lists instances and answers empty questions with empty answers [T9]', async () => {
    const instances = await run(listEc2Instances, { state: 'running' }, context);
    const alarms = await run(listAlarms, {}, context);
    const balancers = await run(listLoadBalancers, {}, context);
    const metric = { namespace: 'AWS/EC2', metric_name: 'CPUUtilization', resource_id: id };
    const metrics = await run(getCloudwatchMetrics, metric, context);

    expect(instances.output.instances).to.have.length(1);
    expect([alarms.output.alarms, balancers.output.load_balancers, metrics.output.data_points]).to.deep.equal([
      [],
      [],
      [],
    ]);
  });

  it('reads the health behind a load balancer, and names it in the plan of a reboot [T3, T5, T9]', async () => {
    const alb = await createBalancer(peer.url, id);

    const health = await run(describeAlbTargetHealth, { alb_arn: alb }, context);
    const listed = await run(listLoadBalancers, {}, context);
    const planned = await (rebootEc2 as WriteTool).plan({ instance_id: id }, context);

    expect(health.view).to.include({ title: 'Target health: 1 of 1 healthy', status: 'good' });
    expect(JSON.stringify(listed.output)).to.include(alb).and.include('"name":"web"');
    expect(planned.impact.affected).to.deep.equal(['target group web: no other healthy target']);
  });

  it('plans, proves, sends and verifies a reboot, once each, and finds it in CloudTrail [T5, T4, G12]', async () => {
    const tool = rebootEc2 as WriteTool;
    const input = { instance_id: id };

    const planned = await tool.plan(input, context);
    await tool.dryRun?.(input, await contextFor('DRY_RUN'));
    await tool.execute(input, context);
    const seen = await tool.verify(input, planned, context);
    const trail = await run(searchCloudtrailEvents, { resource_name: id, event_name: 'RebootInstances' }, context);

    expect(planned).to.deep.include({ risk: 'medium' });
    expect(planned.targets[0]?.arn).to.equal(`arn:aws:ec2:${region}:123456789012:instance/${id}`);
    expect((await calls('RebootInstances')).map(({ params }) => params.DryRun)).to.deep.equal(['true', undefined]);
    expect(seen).to.include({ state: 'confirmed' });
    expect((trail.output.events as { event: string }[]).length).to.be.at.least(1);
  });

  it('plans and scales an ECS service, and offers the way back [T6, G12]', async () => {
    const tool = scaleEcsService as WriteTool;
    await createService(peer.url);
    const input = tool.input.parse({ cluster: 'main', service: 'web', desired_count: 3 }) as Record<
      string,
      string | number
    >;

    const planned = await tool.plan(input, context);
    const { output } = await run(tool, input, context);
    const seen = await tool.verify(input, planned, context);
    const listed = await run(listEcsServices, {}, context);

    expect(planned.changes[0]?.before).to.match(/^1 \([01] running\)$/);
    expect(planned.changes[0]?.after).to.equal('3');
    expect(planned).to.deep.include({ risk: 'low' });
    expect(output).to.include({ desired_count: 3 });
    // moto leaves the rollout IN_PROGRESS for ever; what runs is right.
    expect(seen).to.deep.equal({ state: 'confirmed', text: '3 of 3 tasks run; rollout IN_PROGRESS.' });
    expect(tool.undo?.(planned, input)).to.include({ desired_count: 1 });
    expect(listed.output.services).to.have.length(1);
  });

  it('reports the access keys of IAM users, and which tags are missing [A7]', async () => {
    await createKeys(peer.url);
    await createService(peer.url);
    const bare = await runInstance(peer.url, [{ Key: 'Name', Value: 'bare' }]);

    const keys = await run(getReport, { report: 'keys' }, context);
    const compliance = await run(getReport, { report: 'tags' }, context);

    const [found] = (keys.output as unknown as Report).tables;
    expect(found?.rows.map(([user]) => user)).to.have.members(['ci', 'ci', 'backup']);
    expect(found?.rows.map((row) => row[2])).to.deep.equal(['0 days', '0 days', '0 days']);
    expect(JSON.stringify(keys.output)).to.include('inactive: delete it').and.include('in order');
    const { figures, tables } = compliance.output as unknown as Report;
    expect(figures.slice(0, 3).map(({ value }) => value)).to.deep.equal([3, 2, 1]);
    expect(tables[0]?.rows.map(([name]) => name)).to.deep.equal([`bare ${bare}`]);
    expect((await calls('ListUsers')).length).to.be.at.least(1);
  });

  it('says that an ECS service or cluster is not there [T6, T11]', async () => {
    await createService(peer.url);
    const tool = scaleEcsService as WriteTool;
    const plan = (cluster: string) => tool.plan({ cluster, service: 'nothing', desired_count: 3 }, context);

    expect(await failureOf(plan('main'))).to.include({ code: 'not_found' });
    expect(await failureOf(plan('nowhere'))).to.include({ code: 'aws_not_found' });
  });
});

async function createKeys(endpoint: string): Promise<void> {
  const iam = new IAM({ region, endpoint });
  for (const UserName of ['ci', 'backup', 'nokeys']) await iam.createUser({ UserName });
  await iam.createAccessKey({ UserName: 'ci' });
  await iam.createAccessKey({ UserName: 'ci' });
  const { AccessKey } = await iam.createAccessKey({ UserName: 'backup' });
  await iam.updateAccessKey({ UserName: 'backup', AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' });
  iam.destroy();
}

async function runInstance(endpoint: string, Tags = tags): Promise<string> {
  const ec2 = new EC2({ region, endpoint });
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
  const { Instances = [] } = await ec2.runInstances({
    ImageId: 'ami-12345678',
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications,
  });
  ec2.destroy();
  return Instances[0]?.InstanceId ?? '';
}

async function createService(endpoint: string): Promise<void> {
  const ecs = new ECS({ region, endpoint });
  await ecs.createCluster({ clusterName: 'main' });
  const containerDefinitions = [{ name: 'web', image: 'web:1', memory: 128 }];
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
  const serviceTags = tags.map(({ Key, Value }) => ({ key: Key, value: Value }));
  await ecs.createService({
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    tags: serviceTags,
  });
  ecs.destroy();
}

async function createBalancer(endpoint: string, instanceId: string): Promise<string> {
  const ec2 = new EC2({ region, endpoint });
  const elbv2 = new ElasticLoadBalancingV2({ region, endpoint });
  const { Subnets = [] } = await ec2.describeSubnets({});
  const ids = Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId);
  const { LoadBalancers = [] } = await elbv2.createLoadBalancer({ Name: 'front', Subnets: ids });
  const group = { Name: 'web', Protocol: 'HTTP' as const, Port: 80, VpcId: Subnets[0]?.VpcId };
  const { TargetGroups = [] } = await elbv2.createTargetGroup(group);
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
  await elbv2.registerTargets({ TargetGroupArn, Targets: [{ Id: instanceId, Port: 80 }] });
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn ?? '';
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
  await elbv2.createListener({ LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions });
  ec2.destroy();
  elbv2.destroy();
  return LoadBalancerArn;
}
