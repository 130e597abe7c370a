import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { getEc2Status } from '../../../tools/ec2/get-ec2-status.ts';
import { createBench, failureOf, handMadeAws, refusals, run } from '../bench.ts';

const HOSTILE = '<b onload="x">**${Name}**</b> \u202egnp.exe @here [a](https://evil.example)';

function awsWith(tags: { Key: string; Value: string }[], metrics = {}) {
  const id = 'i-0a1b2c3d4e5f60718';
  return handMadeAws({
    ec2: {
      describeInstances: async () => ({
        Reservations: [{ Instances: [{ InstanceId: id, State: { Name: 'running' }, Tags: tags }] }],
      }),
      describeInstanceStatus: async () => ({ InstanceStatuses: [] }),
    },
    cloudwatch: { getMetricData: async () => metrics },
  });
}

describe('get_ec2_status', () => {
  it('tells state, type, zone, launch time, both checks and tags, with CPU as numbers and a chart [T1]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(getEc2Status, { instance_id: known.healthyInstance }, context);

    expect(output.instance).to.deep.include({
      id: known.healthyInstance,
      name: 'web-1',
      state: 'running',
      type: 't3.medium',
      zone: 'eu-west-1a',
      launch_time: '2025-02-11T08:14:22.000Z',
      system_check: 'ok',
      instance_check: 'ok',
    });
    expect(view).to.deep.include({
      kind: 'chart',
      status: 'good',
      title: `EC2 ${known.healthyInstance} (web-1): running`,
    });
    expect(view.source).to.include({ account: '111122223333', region: 'eu-west-1', mode: 'LOCAL_MOCK' });
    const fields = 'fields' in view ? view.fields : [];
    expect(fields.map(({ label }) => label)).to.include.members([
      'System check',
      'Instance check',
      'Zone',
      'Launched',
      'Tags',
      'CPU',
    ]);
    const [cpu, ...others] = view.kind === 'chart' ? view.series : [];
    expect(others).to.deep.equal([]);
    expect(cpu).to.deep.include({ label: 'CPU', unit: 'percent' });
    expect(cpu?.points).to.have.length.within(14, 16);
  });

  it('reads all asked metrics with one request, network as bytes a second [T1]', async () => {
    const { context } = await createBench();
    const cloudwatch = await context.aws.client('cloudwatch');
    const asked: unknown[] = [];
    const aws = {
      ...context.aws,
      client: async (service: string) =>
        service === 'cloudwatch'
          ? {
              ...cloudwatch,
              getMetricData: async (input: object) => {
                asked.push(input);
                return cloudwatch.getMetricData(input as Parameters<typeof cloudwatch.getMetricData>[0]);
              },
            }
          : context.aws.client(service as 'ec2'),
    } as typeof context.aws;

    const input = { instance_id: known.healthyInstance, metrics: 'network, CPU memory', time_window: '1h' };
    const { output, input: parsed } = await run(getEc2Status, input, { ...context, aws });

    expect(parsed.metrics).to.equal('cpu,memory,network');
    expect(asked).to.have.length(1);
    const measured = output.measured as { name: string; unit: string; average: number; maximum: number }[];
    expect(measured.map(({ name, unit }) => `${name} ${unit}`)).to.deep.equal([
      'CPU percent',
      'Memory percent',
      'Network in bytes/s',
      'Network out bytes/s',
    ]);
    for (const { average, maximum } of measured) expect(maximum).to.be.at.least(average);
    // 24 × 90,000 bytes a minute is the estate's usual inbound traffic of web-1.
    expect(measured[2]?.average).to.be.within(20_000, 60_000);
  });

  it('shows an impaired instance as bad and offers the reboot [T1]', async () => {
    const { context } = await createBench();

    const { view } = await run(getEc2Status, { instance_id: known.sickInstance }, context);

    expect(view.status).to.equal('bad');
    // The machine under it is well, the system on it is not: which of the two decides what helps.
    expect('fields' in view && view.fields.filter(({ label }) => label.endsWith('check'))).to.deep.equal([
      { label: 'System check', value: { text: 'ok', status: 'good' } },
      { label: 'Instance check', value: { text: 'impaired', status: 'bad' } },
    ]);
    expect(view.actions?.map((action) => (action.kind === 'say' ? action.text : ''))).to.deep.equal([
      `ec2 status ${known.sickInstance} cpu,memory,network 1h`,
      `cloudtrail resource_name=${known.sickInstance} time_window=24h`,
      `ec2 reboot ${known.sickInstance}`,
    ]);
  });

  it('shows a stopped instance without a reboot, and says that there is no data [T1]', async () => {
    const { context } = await createBench();

    const { view } = await run(getEc2Status, { instance_id: known.stoppedInstance, metrics: 'memory' }, context);

    expect(view).to.deep.include({ kind: 'facts', status: 'warning' });
    expect(JSON.stringify(view.actions)).not.to.include('reboot');
    expect(JSON.stringify(view)).to.include('EC2 does not measure memory');
  });

  it('shows facts alone when no metrics are asked for, without asking CloudWatch [T1]', async () => {
    const { context } = await createBench();
    const aws = awsWith([]);

    const { view, output } = await run(
      getEc2Status,
      { instance_id: 'i-0a1b2c3d4e5f60718', metrics: 'none' },
      { ...context, aws },
    );

    expect(view.kind).to.equal('facts');
    expect(output.measured).to.deep.equal([]);
    expect(view.status).to.equal('warning');
  });

  it('keeps asking where the card looked when a Region was named [T1]', async () => {
    const { context } = await createBench({ region: 'us-east-1' });
    const list = await (await context.aws.client('ec2')).describeInstances({});
    const id = list.Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';

    const { view } = await run(getEc2Status, { instance_id: id, region: 'us-east-1' }, context);

    for (const action of view.actions ?? [])
      expect(action)
        .to.have.property('text')
        .that.matches(/ region=us-east-1$/);
  });

  it('hands hostile tags on as data, never as targets or commands [T1]', async () => {
    const { context } = await createBench();
    const tags = [
      { Key: 'Name', Value: HOSTILE },
      ...Array.from({ length: 40 }, (_, i) => ({ Key: `k${i}`, Value: 'v'.repeat(256) })),
    ];

    const { output, view } = await run(
      getEc2Status,
      { instance_id: 'i-0a1b2c3d4e5f60718' },
      { ...context, aws: awsWith(tags) },
    );

    expect(output.instance).to.deep.include({ name: HOSTILE });
    expect(view.title).to.have.length.below(100);
    expect(JSON.stringify(view)).not.to.include('\u202e');
    expect(JSON.stringify(view.actions)).not.to.include('evil');
    expect(JSON.stringify(view).length).to.be.below(4000);
  });

  it('passes AWS’s own "not found" on [T1, T11]', async () => {
    const { context } = await createBench();

    const error = await failureOf(run(getEc2Status, { instance_id: 'i-0a1b2c3d4e5f60718' }, context));

    expect(error).to.include({ code: 'aws_not_found' });
  });

  it('says where it looked when AWS answers with nothing [T1, T11]', async () => {
    const { context } = await createBench();
    const aws = handMadeAws({
      ec2: { describeInstances: async () => ({}), describeInstanceStatus: async () => ({}) },
      cloudwatch: { getMetricData: async () => ({}) },
    });

    const error = await failureOf(run(getEc2Status, { instance_id: 'i-0a1b2c3d4e5f60718' }, { ...context, aws }));

    expect(error).to.include({ code: 'not_found' });
    expect(error.message).to.include('eu-west-1 of account 111122223333');
  });

  it('refuses bad input with an example that works [T1]', () => {
    expect(refusals(getEc2Status, { instance_id: 'web-1' })).to.deep.equal([
      'instance_id: an instance id is i- and 8 or 17 hex digits, like i-0a1b2c3d4e5f60718',
    ]);
    expect(refusals(getEc2Status, { instance_id: known.sickInstance, metrics: 'cpu,disk' })[0]).to.match(
      /any of cpu, memory, network/,
    );
    expect(refusals(getEc2Status, { instance_id: known.sickInstance, time_window: 'soon' })[0]).to.match(
      /time_window: not a time window/,
    );
    expect(refusals(getEc2Status, { instance_id: known.sickInstance, region: '../x' })[0]).to.match(/like eu-west-1/);
  });

  it('parses its own parsed input again to the same [T1]', () => {
    const once = getEc2Status.input.parse({ instance_id: known.sickInstance, metrics: 'memory cpu' });

    expect(getEc2Status.input.parse(once)).to.deep.equal(once);
  });
});
