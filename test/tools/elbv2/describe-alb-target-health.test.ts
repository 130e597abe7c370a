import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { describeAlbTargetHealth } from '../../../tools/elbv2/describe-alb-target-health.ts';
import type { ToolContext } from '../../../tools/tool.ts';
import { createBench, failureOf, handMadeAws, refusals, run } from '../bench.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333';
const GROUP = `${ARN}:targetgroup/web/73e2d6bc24d8a067`;

async function arns({ aws }: ToolContext, name: string) {
  const elbv2 = await aws.client('elbv2');
  const { LoadBalancers = [] } = await elbv2.describeLoadBalancers({ Names: [name] });
  const { TargetGroups = [] } = await elbv2.describeTargetGroups({
    LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
  });
  return {
    alb: LoadBalancers[0]?.LoadBalancerArn ?? '',
    groups: TargetGroups.map(({ TargetGroupArn = '' }) => TargetGroupArn),
  };
}

describe('describe_alb_target_health', () => {
  it('tells state, reason and description of each target, sick ones first, with healthy of total [T3]', async () => {
    const { context } = await createBench();
    const { alb } = await arns(context, 'staging-web');

    const { view } = await run(describeAlbTargetHealth, { alb_arn: alb }, context);

    expect(view).to.include({ kind: 'sections', title: 'Target health: 2 of 3 healthy', status: 'bad' });
    const [web] = view.kind === 'sections' ? view.sections : [];
    expect(web?.heading).to.equal('web HTTP:80: 2 of 3 healthy');
    expect(web?.rows?.[0]).to.deep.equal([
      `${known.sickInstance}:80`,
      'eu-west-1b',
      { text: 'unhealthy', status: 'bad' },
      'Target.Timeout',
      'Request timed out',
    ]);
    expect(view.actions).to.deep.equal([
      { kind: 'say', label: `Status of ${known.sickInstance}`, text: `ec2 status ${known.sickInstance}` },
    ]);
  });

  it('reads every target group of a load balancer, or the one that is named [T3]', async () => {
    const { context } = await createBench();
    const { alb, groups } = await arns(context, 'storefront');

    const all = await run(describeAlbTargetHealth, { alb_arn: alb }, context);
    const one = await run(describeAlbTargetHealth, { target_group_arn: groups[1] ?? '' }, context);

    expect(all.output.groups).to.have.length(3);
    expect(one.output.groups).to.have.length(1);
    expect(one.view.status).to.equal('good');
  });

  it('takes exactly one of the two ARNs, and says which goes where [T3]', () => {
    const alb = `${ARN}:loadbalancer/app/web/50dc6c495c0c9188`;

    expect(refusals(describeAlbTargetHealth, {})[0]).to.match(/exactly one of alb_arn and target_group_arn/);
    expect(refusals(describeAlbTargetHealth, { alb_arn: alb, target_group_arn: GROUP })[0]).to.match(/exactly one/);
    expect(refusals(describeAlbTargetHealth, { alb_arn: GROUP })[0]).to.match(
      /a target group goes into target_group_arn/,
    );
    expect(refusals(describeAlbTargetHealth, { target_group_arn: alb })[0]).to.match(/looks like .*:targetgroup/);
  });

  it('passes AWS’s own "not found" on [T3, T11]', async () => {
    const { context } = await createBench();

    const error = await failureOf(run(describeAlbTargetHealth, { target_group_arn: GROUP }, context));

    expect(error).to.include({ code: 'aws_not_found' });
  });

  it('caps groups and rows, cleans descriptions and says so [T3, T11]', async () => {
    const { context } = await createBench();
    const TargetGroups = Array.from({ length: 30 }, (_, i) => ({
      TargetGroupArn: `${GROUP}${i}`,
      TargetGroupName: `g${i}`,
    }));
    const target = {
      Target: { Id: '${x}' },
      TargetHealth: { State: 'unhealthy' as const, Description: `\u0007\u202e${'d'.repeat(900)}` },
    };
    const aws = handMadeAws({
      elbv2: {
        describeTargetGroups: async () => ({ TargetGroups }),
        describeTargetHealth: async () => ({ TargetHealthDescriptions: Array(80).fill(target) }),
      },
    });

    const { view } = await run(describeAlbTargetHealth, { target_group_arn: GROUP }, { ...context, aws });

    const sections = view.kind === 'sections' ? view.sections : [];
    expect(sections).to.have.length(21);
    expect(sections[1]?.heading).to.match(/0 of 80 healthy, 50 shown/);
    expect(sections[1]?.rows).to.have.length(50);
    expect(JSON.stringify(sections[1]?.rows?.[0])).not.to.match(/\u202e|\\u0007/);
    expect(view.note).to.match(/first 20/);
    expect(view.actions).to.deep.equal([]);
  });

  it('warns of a target group without targets beside healthy ones, and alone [T3]', async () => {
    const { context } = await createBench();
    const groupsNamed = (...names: string[]) => ({
      describeTargetGroups: async () => ({
        TargetGroups: names.map((TargetGroupName) => ({ TargetGroupName, TargetGroupArn: TargetGroupName })),
      }),
      describeTargetHealth: async ({ TargetGroupArn }: { TargetGroupArn?: string }) => ({
        TargetHealthDescriptions: TargetGroupArn === 'full' ? [{ TargetHealth: { State: 'healthy' as const } }] : [],
      }),
    });
    const look = async (...names: string[]) => {
      const aws = handMadeAws({ elbv2: groupsNamed(...names) as object });
      return (await run(describeAlbTargetHealth, { target_group_arn: GROUP }, { ...context, aws })).view;
    };

    const [both, alone] = [await look('full', 'bare'), await look('bare')];

    expect([both.status, alone.status]).to.deep.equal(['warning', 'warning']);
    expect(alone.title).to.equal('Target health: no targets');
    expect(alone.kind === 'sections' && alone.sections).to.deep.equal([
      {
        heading: 'bare ?:?: no targets',
        fields: [{ label: 'Targets', value: { text: 'no targets', status: 'warning' } }],
      },
    ]);
  });

  it('says what was searched when a load balancer has no target groups [T3]', async () => {
    const { context } = await createBench();
    const aws = handMadeAws({ elbv2: { describeTargetGroups: async () => ({}) } });

    const { view } = await run(describeAlbTargetHealth, { target_group_arn: GROUP }, { ...context, aws });

    expect(view.status).to.equal('warning');
    expect(JSON.stringify(view)).to.include('No target groups at');
  });
});
