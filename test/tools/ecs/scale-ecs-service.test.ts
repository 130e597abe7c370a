import { expect } from 'chai';
import type { JsonObject } from '../../../lib/json.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { scaleEcsService } from '../../../tools/ecs/scale-ecs-service.ts';
import type { WriteTool } from '../../../tools/tool.ts';
import { createBench, failureOf, handMadeAws, NOON, refusals, run } from '../bench.ts';

const tool = scaleEcsService as WriteTool;
const { cluster, service } = known.sickService;

function awsWithService(facts: object) {
  const whole = { serviceName: 'x', serviceArn: 'arn:x', status: 'ACTIVE', desiredCount: 4, runningCount: 4, ...facts };
  return handMadeAws({ ecs: { describeServices: async () => ({ services: [whole] }) } });
}

const environment = (value: string) => ({ tags: [{ key: 'Environment', value }] });

describe('scale_ecs_service', () => {
  it('plans before and after with what runs, and the facts that must not change [T6, G6]', async () => {
    const { context } = await createBench();

    const planned = await tool.plan({ cluster, service, desired_count: 6 }, context);

    expect(planned.action).to.equal('Scale ECS service main/checkout from 4 to 6 tasks');
    expect(planned.changes).to.deep.equal([{ field: 'desired count', before: '4 (2 running)', after: '6' }]);
    expect(planned.targets[0]).to.deep.include({ id: 'main/checkout', label: 'checkout' });
    expect(planned.targets[0]?.arn).to.equal('arn:aws:ecs:eu-west-1:111122223333:service/main/checkout');
    expect(planned.snapshot).to.deep.include({
      desired_count: 4,
      task_definition: 'checkout:43',
      tags: { Environment: 'production', OpsAgentManaged: 'true' },
    });
    expect(planned.snapshot.deployment).to.match(/^ecs-svc\//);
    expect(planned.warnings).to.deep.equal(['Only 2 of 4 tasks run now: new tasks may not start either.']);
    expect(planned).to.include({ risk: 'medium' });
  });

  it('doubts that new tasks start only when there will be new ones [T6]', async () => {
    const { context } = await createBench();

    const planned = await tool.plan({ cluster, service, desired_count: 3 }, context);

    expect(planned.warnings).to.deep.equal([]);
  });

  const risks: [string | undefined, number, string][] = [
    ['production', 0, 'high'],
    ['production', 2, 'high'],
    ['production', 6, 'medium'],
    ['staging', 0, 'high'],
    ['staging', 2, 'medium'],
    ['staging', 6, 'low'],
    [undefined, 2, 'high'],
    [undefined, 6, 'medium'],
  ];
  for (const [name, count, risk] of risks) {
    it(`calls scaling ${name ?? 'an untagged service'} from 4 to ${count} ${risk} [T6, G3]`, async () => {
      const { context } = await createBench();
      const aws = awsWithService(name === undefined ? {} : environment(name));

      const planned = await tool.plan({ cluster, service: 'x', desired_count: count }, { ...context, aws });

      expect(planned.risk).to.equal(risk);
      expect(planned.riskReasons).to.have.length(2);
      expect(planned.impact.downtime).to.match(count === 0 ? /is down/ : /^none/);
    });
  }

  const refused: [object, number, RegExp][] = [
    [{}, 4, /already has a desired count of 4/],
    [{ status: 'DRAINING' }, 5, /is DRAINING/],
    [{ schedulingStrategy: 'DAEMON' }, 5, /is a daemon/],
  ];
  for (const [facts, count, words] of refused) {
    it(`does not plan when it says ${words.source} [T6]`, async () => {
      const { context } = await createBench();

      const error = await failureOf(
        tool.plan({ cluster, service: 'x', desired_count: count }, { ...context, aws: awsWithService(facts) }),
      );

      expect(error).to.include({ code: 'input_invalid' });
      expect(error.message).to.match(words);
    });
  }

  it('heals the sick service of the simulated estate and watches it to steady state [T6, G12]', async () => {
    const { context, setNow } = await createBench({ permit: mintPermit('chg-1', 1, () => true) });
    const input: JsonObject = { cluster, service, desired_count: 6 };
    const planned = await tool.plan(input, context);

    const { output } = await run(tool, input, context);
    const during = await tool.verify(input, planned, context);
    setNow(NOON + 60_000);
    const after = await tool.verify(input, planned, context);

    expect(output).to.deep.include({ desired_count: 6, initiated_at: new Date(NOON).toISOString() });
    expect(tool.outcome(output).map(({ label }) => label)).to.deep.equal(['Initiated', 'Tasks']);
    expect(during).to.deep.include({ state: 'pending' });
    expect(after).to.deep.equal({ state: 'confirmed', text: '6 of 6 tasks run; rollout COMPLETED.' });
  });

  it('offers the count from before as the undo [T6, G12]', async () => {
    const { context } = await createBench();
    const input = { cluster, service, desired_count: 6, reason: 'traffic', region: 'eu-west-1' };
    const planned = await tool.plan(input, context);

    const undo = tool.undo?.(planned, input);

    expect(tool.input.parse(undo)).to.deep.include({ cluster, service, desired_count: 4, region: 'eu-west-1' });
    expect(JSON.stringify(undo)).not.to.include('traffic');
    expect(tool.recovery).to.equal('convergent');
  });

  it('contradicts when something else changed the count, or the rollout failed [T6, G12]', async () => {
    const { context } = await createBench();
    const input = { cluster, service: 'x', desired_count: 6 };
    const planned = await tool.plan(input, { ...context, aws: awsWithService({}) });
    const verify = (facts: object) => tool.verify(input, planned, { ...context, aws: awsWithService(facts) });
    const rollout = (rolloutState: string) => [{ id: 'd', status: 'PRIMARY', rolloutState }];

    const changed = await verify({ desiredCount: 3 });
    const failed = await verify({ desiredCount: 6, runningCount: 2, deployments: rollout('FAILED') });
    const moving = await verify({
      desiredCount: 6,
      runningCount: 6,
      deployments: [...rollout('IN_PROGRESS'), { id: 'old', status: 'ACTIVE' }],
    });

    expect(changed.state).to.equal('contradicted');
    expect(changed.text).to.match(/something else changed it/);
    expect([failed.state, moving.state]).to.deep.equal(['contradicted', 'pending']);
  });

  it('does not scale without a permit [T6, G1]', async () => {
    const { context } = await createBench();

    const error = await failureOf(run(tool, { cluster, service, desired_count: 6 }, context));

    expect(error).to.include({ code: 'write_without_permit' });
  });

  it('takes whole counts from 0 to 1000, as a number or as digits, and nothing else [T6]', () => {
    const base = { cluster, service };

    expect(tool.input.parse({ ...base, desired_count: '12' })).to.include({ desired_count: 12 });
    expect(tool.input.parse({ ...base, desired_count: 0 })).to.include({ desired_count: 0 });
    for (const desired_count of [-1, 1001, 2.5, '', 'four', '4 ', '0x4', '1e2', null, true, [], '１２']) {
      expect(refusals(tool, { ...base, desired_count })[0], String(desired_count)).to.match(
        /desired_count: a whole number from 0 to 1000, like 4/,
      );
    }
    expect(refusals(tool, base)[0]).to.match(/desired_count/);
  });
});
