import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { listEcsServices } from '../../../tools/ecs/list-ecs-services.ts';
import { createBench, failureOf, handMadeAws, run } from '../bench.ts';

describe('list_ecs_services', () => {
  it('lists the services of all clusters with their counts [T9]', async () => {
    const { context } = await createBench();

    const { view, output } = await run(listEcsServices, {}, context);

    expect(output.clusters).to.include.members(['main', 'data']);
    const rows = view.kind === 'table' ? view.rows : [];
    const sick = rows.find(([cluster, service]) => cluster === 'main' && service === known.sickService.service);
    expect(sick?.[2]).to.deep.equal({ text: '2 of 4', status: 'warning' });
    expect(rows.some(([cluster]) => cluster === 'data')).to.equal(true);
  });

  it('lists the worst first with why, and offers to look at the first bad one [T9]', async () => {
    const { context } = await createBench();
    const services = [
      ['a-stopped', 0, 0, 'COMPLETED'],
      ['b-steady', 2, 2, 'COMPLETED'],
      ['c-short', 2, 1, 'COMPLETED'],
      ['d-failed', 2, 2, 'FAILED'],
    ].map(([serviceName, desiredCount, runningCount, rolloutState]) => ({
      serviceName,
      status: 'ACTIVE',
      desiredCount,
      runningCount,
      deployments: [{ status: 'PRIMARY', rolloutState }],
    }));
    const listServices = async () => ({ serviceArns: ['arn:x'] });
    const aws = handMadeAws({ ecs: { listServices, describeServices: async () => ({ services }) } as object });

    const { view } = await run(listEcsServices, { cluster: 'main' }, { ...context, aws });

    const rows = view.kind === 'table' ? view.rows : [];
    expect(rows.map((row) => row.slice(1, 3))).to.deep.equal([
      ['d-failed', { text: '2 of 2, rollout failed', status: 'bad' }],
      ['c-short', { text: '1 of 2', status: 'warning' }],
      ['a-stopped', { text: 'stopped: desired 0', status: 'neutral' }],
      ['b-steady', { text: '2 of 2', status: 'good' }],
    ]);
    expect(view.actions?.[0]).to.include({ label: 'Status of d-failed' });
  });

  it('lists one cluster only when one is named [T9]', async () => {
    const { context } = await createBench();

    const { output } = await run(listEcsServices, { cluster: 'data' }, context);

    expect((output.services as { name: string }[]).map(({ name }) => name)).to.deep.equal(['etl', 'ingest', 'reports']);
    expect(output.more).to.equal(false);
  });

  it('says when not all are shown [T9, T11]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(listEcsServices, { max_results: 2 }, context);

    expect(output.services).to.have.length(2);
    expect(output.more).to.equal(true);
    expect(view.note).to.match(/name a cluster/);
  });

  it('describes ten services at a time and stops at the asked number [T9, T11]', async () => {
    const { context } = await createBench();
    const batches: number[] = [];
    const aws = handMadeAws({
      ecs: {
        listServices: async ({ nextToken }) => ({
          serviceArns: Array.from({ length: 20 }, (_, i) => `arn:aws:ecs:x:1:service/main/s-${nextToken ?? 'a'}-${i}`),
          nextToken: `${nextToken ?? ''}b`,
        }),
        describeServices: async ({ services = [] }) => {
          batches.push(services.length);
          return { services: services.map((serviceArn) => ({ serviceArn, serviceName: serviceArn.split('/')[2] })) };
        },
      },
    });

    const { output } = await run(listEcsServices, { cluster: 'main', max_results: 35 }, { ...context, aws });

    expect(batches).to.deep.equal([10, 10, 10, 5]);
    expect(output).to.include({ more: true });
  });

  it('says what was searched when there is nothing, and names an unknown cluster [T9, T11]', async () => {
    const { context } = await createBench();
    const empty = handMadeAws({ ecs: { listClusters: async () => ({}) } });

    const { view } = await run(listEcsServices, {}, { ...context, aws: empty });
    const error = await failureOf(run(listEcsServices, { cluster: 'nowhere' }, context));

    expect(view)
      .to.have.property('empty')
      .that.matches(/No ECS services in eu-west-1; clusters looked at: none/);
    expect(error).to.include({ code: 'aws_not_found' });
  });
});
