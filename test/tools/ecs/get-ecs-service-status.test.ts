import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { getEcsServiceStatus } from '../../../tools/ecs/get-ecs-service-status.ts';
import { createBench, failureOf, handMadeAws, refusals, run } from '../bench.ts';

const { cluster, service } = known.sickService;

describe('get_ecs_service_status', () => {
  it('tells counts, deployments and the newest events [T9]', async () => {
    const { context } = await createBench();

    const { view } = await run(getEcsServiceStatus, { cluster, service }, context);

    expect(view).to.include({ kind: 'sections', title: 'ECS main/checkout: 2 of 4 running', status: 'warning' });
    const sections = view.kind === 'sections' ? view.sections : [];
    expect(sections.map(({ heading }) => heading)).to.deep.equal(['Service', 'Deployments', 'Newest events']);
    expect(sections[1]?.rows).to.have.length(1);
    expect(sections[2]?.rows).to.have.length.within(1, 5);
    expect(JSON.stringify(view.actions)).to.include('ecs scale main checkout 5');
  });

  it('says that a service is unknown, and how to find it [T9, T11]', async () => {
    const { context } = await createBench();

    const missing = await failureOf(run(getEcsServiceStatus, { cluster, service: 'nothing' }, context));
    const nowhere = await failureOf(run(getEcsServiceStatus, { cluster: 'nowhere', service }, context));

    expect(missing).to.include({ code: 'not_found' });
    expect(missing.hint).to.include('ecs list main');
    expect(nowhere).to.include({ code: 'aws_not_found' });
  });

  it('calls a failed rollout bad, and survives a service that says almost nothing [T9]', async () => {
    const { context } = await createBench();
    const events = [{ createdAt: new Date(0), message: `\u001b[31m\u202e${'x'.repeat(5000)}` }];
    const deployments = [{ id: 'd', status: 'PRIMARY', rolloutState: 'FAILED' as const }];
    const aws = handMadeAws({
      ecs: {
        describeServices: async () => ({ services: [{ serviceName: 'x', status: 'ACTIVE', events, deployments }] }),
      },
    });

    const { view } = await run(getEcsServiceStatus, { cluster, service: 'x' }, { ...context, aws });

    expect(view.status).to.equal('bad');
    expect(JSON.stringify(view)).not.to.match(/\\u001b|\u202e/);
    expect(JSON.stringify(view).length).to.be.below(3000);
  });

  it('calls a service without tasks stopped, not healthy [T9]', async () => {
    const { context } = await createBench();
    const stopped = { serviceName: 'x', status: 'ACTIVE', desiredCount: 0, runningCount: 0 };
    const aws = handMadeAws({ ecs: { describeServices: async () => ({ services: [stopped] }) } });

    const { view } = await run(getEcsServiceStatus, { cluster, service: 'x' }, { ...context, aws });

    expect(view).to.include({ title: 'ECS main/x: stopped: desired 0', status: 'neutral' });
    const [facts] = view.kind === 'sections' ? view.sections : [];
    expect(facts?.fields?.slice(0, 2)).to.deep.equal([
      { label: 'Status', value: { text: 'ACTIVE', status: 'neutral' } },
      { label: 'Tasks', value: 'stopped: desired 0' },
    ]);
  });

  it('refuses names that are no names [T9]', () => {
    expect(refusals(getEcsServiceStatus, { cluster: '../x', service: 'y' })[0]).to.match(
      /cluster: a cluster name .* like/,
    );
  });
});
