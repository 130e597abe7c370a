import { LLMock } from '@copilotkit/aimock';
import { expect } from 'chai';
import type { Message, ModelReply } from '../../../bot/llm/model.ts';
import { asking, modelAt, tools, WIRES, withAwsKeys } from './model-house.ts';
import { answer, type Block } from './vendor-events.ts';
import { openStub, type Stub } from './vendor-stub.ts';

const thinking = { type: 'thinking', thinking: 'Which one?', signature: 'c2ln' } as const;
const redacted = { type: 'redacted_thinking', data: 'ZGF0YQ==' } as const;
const twoCalls: Block[] = [
  thinking,
  redacted,
  { type: 'text', text: 'I look at both.' },
  { type: 'tool_use', id: 'toolu_1', name: 'ec2_list', json: '' },
  { type: 'tool_use', id: 'toolu_2', name: 'ec2_show', json: '{"id":"i-0abc","deep":{"x":[1,2.5,null]}}' },
];

describe('the model’s answers', () => {
  withAwsKeys();
  let stub: Stub;

  afterEach(() => stub.close());

  for (const wire of WIRES) {
    it(`of ${wire} are read as text, with the tokens they took [L5]`, async () => {
      const usage = {
        input_tokens: 11,
        output_tokens: 5,
        cache_read_input_tokens: 900,
        cache_creation_input_tokens: 7,
      };
      const events = answer([{ type: 'text', text: 'Two run.' }], 'end_turn', usage);
      stub = await openStub(wire, [{ kind: 'events', events }]);

      const reply = await modelAt(wire, stub.url).reply(asking('how many run?'));

      expect(reply).to.deep.equal({
        end: 'answer',
        content: [{ kind: 'text', text: 'Two run.' }],
        usage: { input: 11, cacheRead: 900, cacheWrite: 7, output: 5 },
      });
    });

    it(`of ${wire} may hold several calls, in their order [L5]`, async () => {
      stub = await openStub(wire, [{ kind: 'events', events: answer(twoCalls, 'tool_use') }]);

      const reply = await modelAt(wire, stub.url).reply(asking('how are they?'));

      expect(reply.end).to.equal('calls');
      expect(reply.content).to.deep.equal([
        { kind: 'opaque', block: thinking },
        { kind: 'opaque', block: redacted },
        { kind: 'text', text: 'I look at both.' },
        { kind: 'call', id: 'toolu_1', tool: 'ec2_list', input: {} },
        { kind: 'call', id: 'toolu_2', tool: 'ec2_show', input: { id: 'i-0abc', deep: { x: [1, 2.5, null] } } },
      ]);
    });

    it(`of ${wire} go back unchanged, with the results behind them [L5]`, async () => {
      const events = answer(twoCalls, 'tool_use');
      stub = await openStub(wire, [{ kind: 'events', events }]);
      const model = modelAt(wire, stub.url);
      const first = await model.reply(asking('how are they?'));

      await model.reply(asking('', { messages: followUp(first) }));

      const { messages } = JSON.parse(stub.sent[1]?.body ?? '');
      expect(messages[1]).to.deep.equal({
        role: 'assistant',
        content: [
          thinking,
          redacted,
          { type: 'text', text: 'I look at both.' },
          { type: 'tool_use', id: 'toolu_1', name: 'ec2_list', input: {} },
          { type: 'tool_use', id: 'toolu_2', name: 'ec2_show', input: { id: 'i-0abc', deep: { x: [1, 2.5, null] } } },
        ],
      });
      expect(messages[2]).to.deep.equal({
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'two', is_error: false },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: 'aws_timeout', is_error: true },
          { type: 'text', text: 'and the other?', cache_control: { type: 'ephemeral' } },
        ],
      });
    });
  }

  it('leave out empty texts, which the vendor refuses to get back [L5]', async () => {
    const events = answer([
      { type: 'text', text: ' \n' },
      { type: 'text', text: 'Done.' },
    ]);
    stub = await openStub('anthropic', [{ kind: 'events', events }]);

    const { content } = await modelAt('anthropic', stub.url).reply(asking('go'));

    expect(content).to.deep.equal([{ kind: 'text', text: 'Done.' }]);
  });
});

describe('the Anthropic client against a simulated API', () => {
  it('goes through a whole turn: calls, results, answer [L5]', async () => {
    const api = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
    const calls = [
      { id: 'toolu_1', name: 'ec2_list', arguments: '{}' },
      { id: 'toolu_2', name: 'ec2_show', arguments: '{"id":"i-0abc"}' },
    ];
    api.on(
      { userMessage: 'both', hasToolResult: false },
      { toolCalls: calls, reasoning: 'hm', reasoningSignature: 'c2ln' },
    );
    api.on({ userMessage: 'and the other' }, { content: 'One runs.', usage: { input_tokens: 3, output_tokens: 2 } });
    await api.start();

    try {
      const model = modelAt('anthropic', api.url);
      const first = await model.reply(asking('how are both?'));
      const second = await model.reply(asking('', { messages: followUp(first) }));

      expect(first.content.map((one) => one.kind)).to.deep.equal(['opaque', 'call', 'call']);
      expect(second).to.deep.include({ end: 'answer', content: [{ kind: 'text', text: 'One runs.' }] });
      expect(api.getRequests()).to.have.length(2);
      expect(api.getRequests()[0]?.body?.tools).to.have.length(tools.length);
    } finally {
      await api.stop();
    }
  });
});

function followUp(first: ModelReply): Message[] {
  return [
    { role: 'user', content: [{ kind: 'text', text: 'how are they?' }] },
    { role: 'assistant', content: first.content },
    {
      role: 'user',
      content: [
        { kind: 'result', callId: 'toolu_1', text: 'two', failed: false },
        { kind: 'result', callId: 'toolu_2', text: 'aws_timeout', failed: true },
        { kind: 'text', text: 'and the other?' },
      ],
    },
  ];
}
