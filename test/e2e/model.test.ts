import { randomUUID } from 'node:crypto';
import { LLMock } from '@copilotkit/aimock';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { reportWith } from '../bot/llm/scripted-model.ts';
import { type Installation, install } from './opsagent.ts';

const SICK = known.sickInstance;

describe('opsagent with a model', function () {
  this.timeout(60_000);
  let mock: LLMock;
  let place: Installation;

  before(async () => {
    mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
    mock.on(
      { userMessage: 'how are our boxes', hasToolResult: false },
      { toolCalls: [call('list_ec2_instances', {}), call('list_alarms', {})] },
    );
    mock.on(
      { userMessage: 'how are our boxes', hasToolResult: true },
      { content: 'web-2 fails its checks; the rest is well.' },
    );
    mock.on({ userMessage: 'bring the sick one' }, { toolCalls: [call('reboot_ec2', { instance_id: SICK })] });
    for (const [step, reply] of investigation.entries())
      mock.on({ userMessage: 'why is checkout', predicate: (asked) => results(asked) === step * 3 }, reply);
    mock.on(
      { userMessage: 'hey, reboot' },
      { error: { message: 'Overloaded', type: 'overloaded_error' }, status: 529 },
    );
    await mock.start();
    place = install({
      LLM_PROVIDER: 'anthropic',
      LLM_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-test-0123456789abcdef',
      ANTHROPIC_BASE_URL: mock.url,
    });
  });

  after(async () => {
    await mock.stop();
    place.remove();
  });

  it('answers in words with the cards it read, and remembers them in the next process [L1, L5]', async () => {
    const first = await place.ask('how are our boxes doing then', { conversation: 'ops' });

    expect(first).to.include({ outcome: 'answer', understood_by: 'model' });
    expect(first.text).to.include('web-2 fails its checks').and.to.include('EC2 instances:').and.to.include('Alarms:');

    const second = await place.ask('could you bring the sick one round with a reboot', { conversation: 'ops' });

    expect(second).to.include({ outcome: 'pending', understood_by: 'model', tool: 'reboot_ec2' });
    expect(second.text).to.include(`instance_id ${SICK} comes from data (`);
    expect(second.approval_token).to.match(/^approve-/);
  });

  it('investigates in six reads, and what it found can be opened and proposed later [L7]', async () => {
    const found = await place.ask('why is checkout so slow today', { conversation: 'cause' });

    expect(found).to.include({ outcome: 'answer', understood_by: 'model' });
    expect(found.text).to.include('6 reads').and.to.include('checkout runs 2 of 4 tasks');

    const opened = await place.ask(`show ${/read-[0-9a-f]{12}/.exec(found.text)?.[0]}`);
    const proposed = await place.ask(/^ {2}(ecs scale .*)$/m.exec(found.text)?.[1] ?? '');

    expect(opened.text).to.include('reads it again');
    expect(proposed).to.include({ outcome: 'pending', tool: 'scale_ecs_service' });
  });

  it('is understood without it after three tries when it is overloaded, and says so [L4, L5]', async () => {
    const before = mock.getRequests().length;

    const line = await place.ask(`hey, reboot ${SICK} now`);

    expect(mock.getRequests().length - before).to.equal(3);
    expect(line.text).to.include('This was understood without it.');
    expect(line.understood_by).to.not.equal('model');
  });

  it('shows what it cost by person and day [L6]', async () => {
    const { stdout } = await place.run(['usage', '--json']);

    expect(stdout).to.include('alice@example.com');
  });

  it('does not start with a model whose price is not known [L6, O3]', async () => {
    const { code, stderr } = await place.run(['ask', 'help'], { LLM_MODEL: 'somebody-elses-model' });

    expect(code).to.equal(2);
    expect(stderr).to.include('LLM_PRICE');
  });
});

interface Asked {
  messages: readonly { role: string; content?: unknown }[];
}

const results = ({ messages }: Asked): number => messages.filter(({ role }) => role === 'tool').length;

const investigation = [
  { toolCalls: [call('list_alarms', {}), call('list_ecs_services', {}), call('list_ec2_instances', {})] },
  {
    toolCalls: [
      call('get_ecs_service_status', { cluster: 'main', service: 'checkout' }),
      call('get_ec2_status', { instance_id: SICK }),
      call('search_cloudtrail_events', { time_window: '24h' }),
    ],
  },
  (asked: Asked) => {
    const read = [...JSON.stringify(asked.messages).matchAll(/read-[0-9a-f]{12}/g)].map(([id]) => id);
    return { toolCalls: [call('report_findings', reportWith(read))] };
  },
];

function call(name: string, input: object) {
  return { id: `toolu_${randomUUID()}`, name, arguments: JSON.stringify(input) };
}
