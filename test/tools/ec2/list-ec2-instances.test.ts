import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { listEc2Instances } from '../../../tools/ec2/list-ec2-instances.ts';
import { createBench, handMadeAws, refusals, run } from '../bench.ts';

describe('list_ec2_instances', () => {
  it('lists the sick first with why, then by name, and offers to look at the first sick one [T9]', async () => {
    const { context } = await createBench();

    const { view } = await run(listEc2Instances, {}, context);

    const rows = view.kind === 'table' ? view.rows : [];
    expect(rows.map(([id]) => id)).to.include.members([known.sickInstance, known.stoppedInstance]);
    const names = rows.map(([, name]) => name);
    expect(names.slice(0, 2)).to.deep.equal(['web-2', 'report-1']);
    expect(names.slice(2)).to.deep.equal(names.slice(2).sort());
    expect(rows.slice(0, 2).map((row) => row[2])).to.deep.equal([
      { text: 'running, instance check impaired', status: 'bad' },
      { text: 'stopped', status: 'warning' },
    ]);
    expect(view.actions).to.deep.equal([
      { kind: 'say', label: 'Status of web-2', text: `ec2 status ${known.sickInstance}` },
    ]);
  });

  it('filters by state and by a part of the name [T9]', async () => {
    const { context } = await createBench();

    const stopped = await run(listEc2Instances, { state: 'stopped' }, context);
    const web = await run(listEc2Instances, { name: 'WEB-' }, context);

    expect(stopped.output.instances).to.have.length(1);
    expect((web.output.instances as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'web-2',
      'web-1',
      'web-3',
    ]);
  });

  it('says what was searched when there is nothing [T9]', async () => {
    const { context } = await createBench();

    const { view } = await run(listEc2Instances, { name: 'nothing', state: 'running' }, context);

    expect(view).to.include({ empty: 'No EC2 instances in eu-west-1 with name contains nothing, state running.' });
  });

  it('says when not all are shown [T9, T11]', async () => {
    const { context } = await createBench();

    const { view, output } = await run(listEc2Instances, { max_results: 3 }, context);

    expect(output).to.include({ more: true });
    expect(view.title).to.equal('EC2 instances: 3 and more');
    expect(view.note).to.match(/narrow it/);
  });

  it('finds a sick instance behind more healthy ones than are shown, a hundred checks at a time [T9]', async () => {
    const { context } = await createBench();
    const ids = Array.from({ length: 150 }, (_, i) => `i-${String(i).padStart(17, '0')}`);
    const batches: number[] = [];
    const aws = handMadeAws({
      ec2: {
        describeInstances: async () => ({
          Reservations: [{ Instances: ids.map((InstanceId) => ({ InstanceId, State: { Name: 'running' } })) }],
        }),
        describeInstanceStatus: async ({ InstanceIds = [] }) => {
          batches.push(InstanceIds.length);
          const checks = (id: string) => ({ Status: id === ids[149] ? ('impaired' as const) : ('ok' as const) });
          return {
            InstanceStatuses: InstanceIds.map((InstanceId) => ({
              InstanceId,
              SystemStatus: checks(InstanceId),
              InstanceStatus: checks(InstanceId),
            })),
          };
        },
      },
    });

    const { view } = await run(listEc2Instances, { max_results: 1 }, { ...context, aws });

    const [row] = view.kind === 'table' ? view.rows : [];
    expect(row?.[0]).to.equal(ids[149]);
    expect(row?.[2]).to.deep.equal({ text: 'running, both checks impaired', status: 'bad' });
    expect(batches).to.deep.equal([100, 50]);
  });

  it('reads page after page, ten at most [T9, T11]', async () => {
    let pages = 0;
    const describeInstances = async () => {
      pages++;
      const Instances = Array.from({ length: 5 }, (_, i) => ({
        InstanceId: `i-${String(pages * 10 + i).padStart(17, '0')}`,
      }));
      return { Reservations: [{ Instances }], NextToken: `page-${pages}` };
    };
    const aws = handMadeAws({ ec2: { describeInstances, describeInstanceStatus: async () => ({}) } });
    const { context } = await createBench();

    const { output } = await run(listEc2Instances, { max_results: 50 }, { ...context, aws });

    expect(pages).to.equal(10);
    expect(output.instances).to.have.length(50);
    expect(output.more).to.equal(true);
  });

  it('takes a number of rows as digits and refuses anything else [T9]', () => {
    expect(listEc2Instances.input.parse({ max_results: '7' })).to.include({ max_results: 7 });
    for (const max_results of [0, 51, 1.5, '', ' 7', '1e1', null, true]) {
      expect(refusals(listEc2Instances, { max_results })[0], String(max_results)).to.match(
        /a whole number from 1 to 50, like 25/,
      );
    }
  });
});
