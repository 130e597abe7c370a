import { expect } from 'chai';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { type OpenEstate, openEstate, START, thrownBy } from './open-estate.ts';

async function health({ apis }: OpenEstate, name: string) {
  const { TargetGroups = [] } = await apis.elbv2.describeTargetGroups({ Names: [name] });
  const { TargetHealthDescriptions = [] } = await apis.elbv2.describeTargetHealth({
    TargetGroupArn: TargetGroups[0]?.TargetGroupArn,
  });
  return TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
    Target?.Id,
    TargetHealth?.State,
    TargetHealth?.Reason,
  ]);
}

const states = async (estate: OpenEstate, name: string) => (await health(estate, name)).map(([, state]) => state);

describe('simulated load balancers', () => {
  it('lead from a load balancer to its target groups and their targets [T3, T9]', async () => {
    const { apis } = await openEstate();

    const { LoadBalancers = [] } = await apis.elbv2.describeLoadBalancers({ Names: ['storefront'] });
    const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
    const { TargetGroups = [] } = await apis.elbv2.describeTargetGroups({ LoadBalancerArn });

    expect(LoadBalancerArn).to.match(/:loadbalancer\/app\/storefront\/[0-9a-f]{16}$/);
    expect(TargetGroups.map(({ TargetGroupName }) => TargetGroupName)).to.deep.equal(['checkout', 'catalog', 'search']);
  });

  it('page by marker [T11]', async () => {
    const { apis } = await openEstate();

    const first = await apis.elbv2.describeLoadBalancers({ PageSize: 2 });
    const second = await apis.elbv2.describeLoadBalancers({ PageSize: 2, Marker: first.NextMarker });

    expect([first.LoadBalancers?.length, second.LoadBalancers?.length, second.NextMarker]).to.deep.equal([
      2,
      1,
      undefined,
    ]);
  });

  it('say why targets of the sick service and the sick instance are unhealthy [T3]', async () => {
    const estate = await openEstate();

    const checkout = await health(estate, 'checkout');
    const web = await health(estate, 'web');

    expect(checkout.map(([, state, reason]) => [state, reason])).to.deep.equal([
      ['healthy', undefined],
      ['healthy', undefined],
      ['unhealthy', 'Target.ResponseCodeMismatch'],
      ['unhealthy', 'Target.ResponseCodeMismatch'],
    ]);
    expect(web).to.deep.include([known.sickInstance, 'unhealthy', 'Target.Timeout']);
  });

  it('take a rebooted instance back after its first health checks [T3, T5]', async () => {
    const estate = await openEstate();
    await estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });
    const seen: unknown[] = [];

    for (const ms of [0, 4_000, 8_000]) {
      estate.setNow(START + ms);
      seen.push((await states(estate, 'web')).at(1));
    }

    expect(seen).to.deep.equal(['unhealthy', 'initial', 'healthy']);
  });

  it('have a target for each task of a scaled service [T3, T6]', async () => {
    const estate = await openEstate();
    await estate.apis.ecs.updateService({ cluster: 'main', service: 'catalog', desiredCount: 5 });
    const during = await states(estate, 'catalog');

    estate.setNow(START + 6_000);

    expect(during).to.deep.equal(['healthy', 'healthy', 'healthy', 'initial', 'initial']);
    expect(await states(estate, 'catalog')).to.deep.equal(Array(5).fill('healthy'));
  });

  it('give only the targets that were asked for [T3]', async () => {
    const { apis } = await openEstate();
    const { TargetGroups = [] } = await apis.elbv2.describeTargetGroups({ Names: ['web'] });

    const { TargetHealthDescriptions = [] } = await apis.elbv2.describeTargetHealth({
      TargetGroupArn: TargetGroups[0]?.TargetGroupArn,
      Targets: [{ Id: known.healthyInstance }],
    });

    expect(TargetHealthDescriptions.map(({ Target }) => Target?.Id)).to.deep.equal([known.healthyInstance]);
  });

  const arn = (kind: string) => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:${kind}/x/0123456789abcdef`;
  const refusals: [what: string, call: (estate: OpenEstate) => Promise<unknown>, code: string, aws: string][] = [
    [
      'an unknown target group',
      ({ apis }) => apis.elbv2.describeTargetHealth({ TargetGroupArn: arn('targetgroup') }),
      'aws_not_found',
      'TargetGroupNotFound',
    ],
    [
      'an unknown load balancer',
      ({ apis }) => apis.elbv2.describeTargetGroups({ LoadBalancerArn: arn('loadbalancer/app') }),
      'aws_not_found',
      'LoadBalancerNotFound',
    ],
    [
      'what is no ARN',
      ({ apis }) => apis.elbv2.describeTargetHealth({ TargetGroupArn: 'web' }),
      'aws_invalid',
      'ValidationError',
    ],
  ];

  for (const [what, call, code, aws] of refusals) {
    it(`refuse ${what} with ${aws} [T11]`, async () => {
      const error = await thrownBy(call(await openEstate()));

      expect(error).to.include({ code }).and.to.have.nested.include({ 'facts.aws_code': aws });
    });
  }
});
