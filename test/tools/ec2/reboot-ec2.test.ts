import { expect } from 'chai';
import { OpsError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { rebootEc2 } from '../../../tools/ec2/reboot-ec2.ts';
import type { ToolContext, WriteTool } from '../../../tools/tool.ts';
import { createBench, failureOf, handMadeAws, NOON, refusals, run } from '../bench.ts';

const tool = rebootEc2 as WriteTool;
const plan = (instance_id: string, context: ToolContext) => tool.plan({ instance_id }, context);

function awsWithInstance(instance: object, checks: [string, string] = ['ok', 'ok']) {
  const InstanceId = 'i-0a1b2c3d4e5f60718';
  return handMadeAws({
    ec2: {
      describeInstances: async () => ({
        Reservations: [{ Instances: [{ InstanceId, State: { Name: 'running' }, ...instance }] }],
      }),
      describeInstanceStatus: async () => ({
        InstanceStatuses: [{ InstanceId, SystemStatus: { Status: checks[0] }, InstanceStatus: { Status: checks[1] } }],
      }),
    } as object,
    elbv2: { describeTargetGroups: async () => ({ TargetGroups: [] }) },
  });
}

describe('reboot_ec2', () => {
  it('plans from what AWS says now: target, snapshot, before and after, and the services behind it [T5, G6]', async () => {
    const { context } = await createBench();

    const planned = await plan(known.sickInstance, context);

    expect(planned.action).to.equal(`Reboot EC2 instance ${known.sickInstance} (web-2)`);
    expect(planned.targets).to.have.length(1);
    expect(planned.targets[0]).to.deep.include({
      arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${known.sickInstance}`,
      label: 'web-2',
    });
    expect(planned.snapshot).to.deep.include({
      id: known.sickInstance,
      state: 'running',
      tags: { Environment: 'staging', OpsAgentManaged: 'true' },
    });
    expect(planned.changes).to.deep.equal([{ field: 'state', before: 'running', after: 'rebooting, then running' }]);
    expect(planned.impact.affected).to.deep.equal(['target group web: 2 other healthy targets']);
    expect(planned).to.deep.include({ risk: 'medium', warnings: [] });
  });

  it('calls production high, and so an instance that does not say what it is [T5, G3]', async () => {
    const { context } = await createBench();

    const production = await plan(known.productionInstance, context);
    const untagged = await plan('i-0a1b2c3d4e5f60718', { ...context, aws: awsWithInstance({}) });

    expect(production.risk).to.equal('high');
    expect(production.riskReasons).to.include('tagged Environment=production');
    expect(untagged.risk).to.equal('high');
    expect(untagged.riskReasons.join()).to.match(/no Environment tag/);
  });

  it('keeps a hostile name short and readable on the card, and exact in the target [T5, G6]', async () => {
    const { context } = await createBench();
    const Value = `web\u202e-1 \u001b[2J${'x'.repeat(240)}`;

    const planned = await plan('i-0a1b2c3d4e5f60718', {
      ...context,
      aws: awsWithInstance({ Tags: [{ Key: 'Name', Value }] }),
    });

    expect(planned.action).to.match(/^Reboot EC2 instance i-0a1b2c3d4e5f60718 \(web-1 x+…\)$/);
    expect(planned.targets[0]?.label).to.equal(Value);
  });

  it('gives the same snapshot while nothing changes and another one when a guard tag does [T5, G9]', async () => {
    const { context } = await createBench();
    const tagged = (value: string) => awsWithInstance({ Tags: [{ Key: 'OpsAgentManaged', Value: value }] });
    const planWith = (value: string) => plan('i-0a1b2c3d4e5f60718', { ...context, aws: tagged(value) });

    expect((await planWith('true')).snapshot).to.deep.equal((await planWith('true')).snapshot);
    expect((await planWith('true')).snapshot).not.to.deep.equal((await planWith('false')).snapshot);
  });

  for (const state of ['stopped', 'terminated', 'shutting-down', 'pending']) {
    it(`does not plan a reboot of an instance that is ${state} [T5]`, async () => {
      const { context } = await createBench();

      const error = await failureOf(
        plan('i-0a1b2c3d4e5f60718', { ...context, aws: awsWithInstance({ State: { Name: state } }) }),
      );

      expect(error).to.include({ code: 'input_invalid' });
      expect(error.message).to.include(`is ${state}`);
      expect(error.hint).to.have.length.above(20);
    });
  }

  it('plans with a warning when target groups cannot be read, and not at all on failures that stay [T5, T11]', async () => {
    const { context } = await createBench();
    type Failure = 'aws_access_denied' | 'aws_throttled' | 'aws_timeout' | 'aws_invalid';
    const failing = (code: Failure) => {
      const describeTargetGroups = async () => {
        const retryable = code === 'aws_throttled' || code === 'aws_timeout';
        throw new OpsError(code, 'refused', { hint: 'x', retryable });
      };
      const { client, ...rest } = awsWithInstance({});
      const elbv2 = handMadeAws({ elbv2: { describeTargetGroups } });
      return {
        ...rest,
        client: (service: 'ec2' | 'elbv2') => (service === 'elbv2' ? elbv2.client(service) : client(service)),
      };
    };
    const planWith = (code: Failure) =>
      plan('i-0a1b2c3d4e5f60718', { ...context, aws: failing(code) as ToolContext['aws'] });

    expect((await planWith('aws_access_denied')).warnings).to.deep.equal([
      'Target groups may not be read here, so affected services are not known.',
    ]);
    for (const code of ['aws_throttled', 'aws_timeout'] as const) {
      const { warnings, impact } = await planWith(code);
      expect(warnings).to.deep.equal([
        `Target groups could not be read now (${code}), so affected services are not known.`,
      ]);
      expect(impact.affected).to.deep.equal(['not known: target groups could not be read']);
    }
    expect(await failureOf(planWith('aws_invalid'))).to.include({ code: 'aws_invalid' });
  });

  it('sends one request and says when to look again [T5]', async () => {
    const sent: unknown[] = [];
    const { context } = await createBench();
    const aws = handMadeAws({
      ec2: {
        rebootInstances: async (input) => {
          sent.push(input);
          return {};
        },
      },
    });

    const { output } = await run(tool, { instance_id: known.sickInstance }, { ...context, aws });

    expect(sent).to.deep.equal([{ InstanceIds: [known.sickInstance] }]);
    expect(output).to.deep.equal({
      instance_id: known.sickInstance,
      initiated_at: new Date(NOON).toISOString(),
      expected_by: new Date(NOON + 300_000).toISOString(),
      check_after: new Date(NOON + 120_000).toISOString(),
    });
    expect(tool.outcome(output).map(({ label }) => label)).to.deep.equal([
      'Initiated',
      'Expected by',
      'Check again after',
    ]);
  });

  it('heals the sick instance of the simulated estate and sees it [T5, G12]', async () => {
    const { context, setNow } = await createBench({ permit: mintPermit('chg-1', 1, () => true) });
    const input: JsonObject = { instance_id: known.sickInstance };
    const planned = await tool.plan(input, context);

    const before = await tool.verify(input, planned, context);
    await tool.execute(input, context);
    const during = await tool.verify(input, planned, context);
    setNow(NOON + 60_000);
    const after = await tool.verify(input, planned, context);

    expect([before.state, during.state, after.state]).to.deep.equal(['pending', 'pending', 'confirmed']);
    expect(after.text).to.match(/system check ok, instance check ok/);
  });

  it('does not reboot without a permit [T5, G1]', async () => {
    const { context } = await createBench();

    const error = await failureOf(run(tool, { instance_id: known.sickInstance }, context));

    expect(error).to.include({ code: 'write_without_permit' });
  });

  it('proves the permission without rebooting [T5]', async () => {
    const { context } = await createBench({ permit: mintPermit('chg-1', 1, () => true) });
    const input = { instance_id: known.sickInstance };

    await tool.dryRun?.(input, context);

    const trail = await (await context.aws.client('cloudtrail')).lookupEvents({
      StartTime: new Date(NOON),
      EndTime: new Date(NOON + 1),
    });
    expect(trail.Events).to.deep.equal([]);
    const seen = await tool.verify(input, await tool.plan(input, context), context);
    expect(seen.state).to.equal('pending');
  });

  it('contradicts a reboot that ended in a stopped instance [T5, G12]', async () => {
    const { context } = await createBench();
    const planned = await plan('i-0a1b2c3d4e5f60718', { ...context, aws: awsWithInstance({}) });
    const stopped = {
      ...context,
      aws: awsWithInstance({ State: { Name: 'stopped' } }, ['not-applicable', 'not-applicable']),
    };

    const seen = await tool.verify({ instance_id: 'i-0a1b2c3d4e5f60718' }, planned, stopped);

    expect(seen.state).to.equal('contradicted');
  });

  it('refuses a reason that is too long, and is never sent twice after a crash [T5, G10]', () => {
    expect(refusals(tool, { instance_id: known.sickInstance, reason: 'x'.repeat(301) })).to.deep.equal([
      'reason: at most 300 characters',
    ]);
    expect(tool.recovery).to.equal('pulse');
    expect(tool.undo).to.equal(undefined);
  });
});
