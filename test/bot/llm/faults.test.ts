import { expect } from 'chai';
import { asking, failureOf, modelAt, quickClock, WIRES, withAwsKeys } from './model-house.ts';
import { answer, type Block, type VendorEvent } from './vendor-events.ts';
import { openStub, type Scene, type Stub } from './vendor-stub.ts';

const text: Block = { type: 'text', text: 'All is well, I think.' };
const call = (json: string, id = 'toolu_1'): Block => ({ type: 'tool_use', id, name: 'ec2_show', json });
const events = (list: readonly VendorEvent[]): Scene => ({ kind: 'events', events: list });
const status = (code: number, type: string, message = 'no', headers?: Record<string, string>): Scene => ({
  kind: 'status',
  status: code,
  body: { type: 'error', error: { type, message }, message },
  headers,
});
const begun = answer([text]).slice(0, 3);
const spent = 'Your organization has reached its monthly spend limit.';

interface Fault {
  title: string;
  scene: Scene;
  why: string;
  /** Requests that leave before it is given up. */
  requests: number;
  code?: string;
}

const FAULTS: readonly Fault[] = [
  { title: 'an overload (529)', scene: status(529, 'overloaded_error'), why: 'overloaded', requests: 3 },
  { title: 'a rate limit (429)', scene: status(429, 'rate_limit_error'), why: 'rate_limited', requests: 3 },
  {
    title: 'a rate limit that passes soon',
    scene: status(429, 'rate_limit_error', 'slow', { 'retry-after': '2' }),
    why: 'rate_limited',
    requests: 3,
  },
  {
    title: 'a rate limit that lasts longer than anybody waits',
    scene: status(429, 'rate_limit_error', 'slow', { 'retry-after': '60' }),
    why: 'rate_limited',
    requests: 1,
  },
  {
    title: 'a spend limit (429)',
    scene: status(429, 'rate_limit_error', spent, { 'retry-after': '1' }),
    why: 'spend_limit',
    requests: 1,
    code: 'model_error',
  },
  { title: 'a failure (500)', scene: status(500, 'api_error'), why: 'server', requests: 3 },
  { title: 'a failure (503)', scene: status(503, 'api_error'), why: 'server', requests: 3 },
  { title: 'a connection that is shut', scene: { kind: 'disconnect' }, why: 'unreachable', requests: 3 },
  { title: 'an answer without an end', scene: events(begun), why: 'cut', requests: 3 },
  {
    title: 'an answer that is cut off',
    scene: { kind: 'events', events: begun, after: 'disconnect' },
    why: 'cut',
    requests: 3,
  },
  { title: 'an empty answer', scene: { kind: 'body', text: '' }, why: 'unreadable', requests: 1 },
  { title: 'an unknown reason to end', scene: events(answer([text], 'bored')), why: 'unreadable', requests: 1 },
  {
    title: 'a call with half its input',
    scene: events(answer([call('{"id":"i-0')], 'tool_use')),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'a call with a broken input',
    scene: events(answer([call('{"id":}')], 'tool_use')),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'a call with a list for input',
    scene: events(answer([call('[1]')], 'tool_use')),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'two calls with one id',
    scene: events(answer([call('{}'), call('{}')], 'tool_use')),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'the end for calls without a call',
    scene: events(answer([text], 'tool_use')),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'tokens that are no count',
    scene: events(answer([text], 'end_turn', { input_tokens: -1, output_tokens: 1 })),
    why: 'unreadable',
    requests: 1,
  },
  {
    title: 'a wrong key (401)',
    scene: status(401, 'authentication_error'),
    why: 'key',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'no credit (402)',
    scene: status(402, 'billing_error'),
    why: 'spend_limit',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'a missing permission (403)',
    scene: status(403, 'permission_error'),
    why: 'permission',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'an unknown model (404)',
    scene: status(404, 'not_found_error'),
    why: 'unknown_model',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'a body that is too large (413)',
    scene: status(413, 'request_too_large'),
    why: 'too_large',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'a prompt that is too long (400)',
    scene: status(400, 'invalid_request_error', 'prompt is too long: 2 > 1'),
    why: 'too_large',
    requests: 1,
    code: 'model_error',
  },
  {
    title: 'a request it calls wrong (400)',
    scene: status(400, 'invalid_request_error'),
    why: 'bad_request',
    requests: 1,
    code: 'model_error',
  },
];

describe('a model that fails', () => {
  withAwsKeys();
  let stub: Stub;

  afterEach(() => stub.close());

  for (const wire of WIRES) {
    for (const { title, scene, why, requests, code = 'model_unavailable' } of FAULTS) {
      it(`by ${title} of ${wire} ends as ${why} after ${requests} of 3 tries [L5]`, async () => {
        stub = await openStub(wire, [scene]);

        const error = await failureOf(modelAt(wire, stub.url).reply(asking('hello')));

        expect(error.facts.why).to.equal(why);
        expect(error).to.include({ code, retryable: code === 'model_unavailable' });
        expect(error.hint).to.not.equal('');
        expect(stub.sent).to.have.length(requests);
      });
    }

    const ENDS = [
      ['refusal', 'refused'],
      ['max_tokens', 'truncated'],
      ['pause_turn', 'paused'],
      ['model_context_window_exceeded', 'context_full'],
      ['end_turn', 'answer'],
      ['stop_sequence', 'answer'],
    ];
    for (const [reason, end] of ENDS) {
      it(`${wire}: ${reason} ends as ${end}, and no call survives it [L5]`, async () => {
        const whole = call('{"id":"i-0abc"}', 'toolu_2');
        stub = await openStub(wire, [events(answer([text, whole, call('{"id":"i-0')], reason))]);

        const reply = await modelAt(wire, stub.url).reply(asking('reboot it'));

        expect(reply.end).to.equal(end);
        expect(reply.content).to.deep.equal([{ kind: 'text', text: text.text }]);
        expect(stub.sent).to.have.length(1);
      });
    }

    for (const where of ['before', 'in the middle of'] as const) {
      it(`${wire}: silence ${where} an answer is a time-out, tried once more [L5]`, async () => {
        const scene: Scene =
          where === 'before' ? { kind: 'silence' } : { kind: 'events', events: begun, after: 'silence' };
        stub = await openStub(wire, [events(answer([text])), scene]);
        await modelAt(wire, stub.url).reply(asking('load the SDK'));
        const { clock } = quickClock(300);

        const error = await failureOf(modelAt(wire, stub.url, clock).reply(asking('hello')));

        expect(error.facts.why).to.equal('timeout');
        expect(stub.sent).to.have.length(3);
      });
    }

    it(`${wire}: an answer comes through after what has passed [L5]`, async () => {
      const scenes = [status(529, 'overloaded_error'), { kind: 'disconnect' } as const, events(answer([text]))];
      stub = await openStub(wire, scenes);

      const reply = await modelAt(wire, stub.url).reply(asking('hello'));

      expect(reply.content).to.deep.equal([{ kind: 'text', text: text.text }]);
      expect(stub.sent).to.have.length(3);
    });

    it(`${wire}: the time of the whole answer ends the try that is under way [L5]`, async () => {
      stub = await openStub(wire, [{ kind: 'silence' }]);
      const started = Date.now();

      const error = await failureOf(
        modelAt(wire, stub.url).reply(asking('hello', { signal: AbortSignal.timeout(300) })),
      );

      expect(error).to.include({ code: 'model_unavailable', retryable: true });
      expect(error.facts.why).to.equal('timeout');
      expect(stub.sent).to.have.length(1);
      expect(Date.now() - started).to.be.below(2_000);
    });

    it(`${wire}: nothing is sent when the time is over before the first try [L5]`, async () => {
      stub = await openStub(wire, [events(answer([text]))]);

      const error = await failureOf(modelAt(wire, stub.url).reply(asking('hello', { signal: AbortSignal.abort() })));

      expect(error.facts.why).to.equal('timeout');
      expect(stub.sent).to.have.length(0);
    });
  }

  const MIDWAY = [
    ['anthropic', 'overloaded_error', 'overloaded', 3],
    ['anthropic', 'api_error', 'server', 3],
    ['bedrock', 'throttlingException', 'rate_limited', 3],
    ['bedrock', 'modelStreamErrorException', 'server', 3],
    ['bedrock', 'modelTimeoutException', 'timeout', 2],
    ['bedrock', 'validationException', 'bad_request', 1],
  ] as const;
  for (const [wire, type, why, requests] of MIDWAY) {
    it(`by ${type} in the middle of an answer of ${wire} ends as ${why} [L5]`, async () => {
      stub = await openStub(wire, [{ kind: 'events', events: begun, after: { type } }]);

      const error = await failureOf(modelAt(wire, stub.url).reply(asking('hello')));

      expect(error.facts).to.include({ why, type });
      expect(stub.sent).to.have.length(requests);
    });
  }

  const AWS_REFUSALS = [
    [403, 'ExpiredTokenException', 'The security token is expired', 'key'],
    [403, 'AccessDeniedException', 'You don’t have access to the model', 'permission'],
    [400, 'ValidationException', 'The provided model identifier is invalid.', 'unknown_model'],
    [400, 'ValidationException', 'Invocation with on-demand throughput isn’t supported', 'unknown_model'],
    [400, 'ValidationException', 'Input is too long for requested model.', 'too_large'],
  ] as const;
  for (const [code, exception, message, why] of AWS_REFUSALS) {
    it(`tells ${why} from '${message}' of Bedrock [L5]`, async () => {
      const headers = { 'x-amzn-errortype': `${exception}:http://internal/`, 'x-amzn-requestid': 'req-1' };
      stub = await openStub('bedrock', [{ kind: 'status', status: code, body: { message }, headers }]);

      const error = await failureOf(modelAt('bedrock', stub.url).reply(asking('hello')));

      expect(error.facts).to.include({ why, status: code, type: exception, requestId: 'req-1' });
      expect(error.code).to.equal('model_error');
    });
  }

  it('for want of AWS credentials is told so, and nothing is sent [L5]', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    stub = await openStub('bedrock', [events(answer([text]))]);

    const error = await failureOf(modelAt('bedrock', stub.url).reply(asking('hello')));

    expect(error).to.include({ code: 'model_error', retryable: false });
    expect(error.facts.why).to.equal('key');
    expect(stub.sent).to.have.length(0);
  });

  it('by malformed JSON in the middle of an answer ends as unreadable [L5]', async () => {
    stub = await openStub('anthropic', [{ kind: 'body', text: 'event: message_start\ndata: {"type": \n\n' }]);

    const error = await failureOf(modelAt('anthropic', stub.url).reply(asking('hello')));

    expect(error.facts.why).to.equal('unreadable');
  });
});
