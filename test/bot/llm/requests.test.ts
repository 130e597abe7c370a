import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { openModel } from '../../../bot/llm/open-model.ts';
import { loadConfig } from '../../../lib/config.ts';
import { silentLog } from '../../../lib/log.ts';
import { asking, failureOf, KEY, modelAt, quickClock, tools, WIRES, withAwsKeys } from './model-house.ts';
import { answer } from './vendor-events.ts';
import { openStub, type Scene, type Sent, type Stub } from './vendor-stub.ts';

const fine: Scene = { kind: 'events', events: answer([{ type: 'text', text: 'Fine.' }]) };
/** How the bytes of a member begin and end: `"system":[…],"tools":[…]` stands before the messages. */
const prefixOf = ({ body }: Sent) => /"system":.*(?="messages":)/s.exec(body)?.[0];

describe('a request to the model', () => {
  withAwsKeys();
  let stub: Stub;

  afterEach(() => stub.close());

  for (const wire of WIRES) {
    it(`to ${wire} has a limit for output, and nothing that newer models refuse [L5]`, async () => {
      stub = await openStub(wire, [fine]);

      await modelAt(wire, stub.url).reply(asking('hello'));

      const body = JSON.parse(stub.sent[0]?.body ?? '');
      const own = wire === 'bedrock' ? ['anthropic_version'] : ['model', 'stream'];
      expect(Object.keys(body)).to.have.members(['max_tokens', 'system', 'tools', 'messages', ...own]);
      expect(body.max_tokens).to.equal(8192);
      expect(stub.sent[0]?.body).to.not.match(/temperature|top_[pk]|tool_choice|"thinking"|effort/);
    });

    it(`to ${wire} repeats system and tools byte for byte, each with one cache mark at its end [L5]`, async () => {
      stub = await openStub(wire, [fine]);

      await modelAt(wire, stub.url).reply(asking('hello'));
      await modelAt(wire, stub.url).reply(asking('and now something longer'));

      const [first, second] = stub.sent.map(prefixOf);
      expect(first).to.be.a('string').that.includes('ec2_show').and.equals(second);
      const { system, tools: sent } = JSON.parse(stub.sent[0]?.body ?? '');
      expect(system.at(-1).cache_control).to.deep.equal({ type: 'ephemeral' });
      expect(sent.map((tool: object) => 'cache_control' in tool)).to.deep.equal([false, true]);
      expect(sent[1].input_schema).to.deep.equal(tools[1]?.schema);
    });

    it(`to ${wire} carries no trace header, though the process traces [L5]`, async () => {
      const stopTracing = traceEverything();
      stub = await openStub(wire, [fine]);

      await modelAt(wire, stub.url).reply(asking('hello'));
      stopTracing();

      expect(Object.keys(stub.sent[0]?.headers ?? {}).filter((name) => /trace|baggage|b3/.test(name))).to.deep.equal(
        [],
      );
    });
  }

  it('never shows its key in an error, though a gateway repeats it [L5, A5]', async () => {
    const said = `invalid key ${KEY}, ${KEY}!`;
    for (const status of [400, 401, 403, 429, 500]) {
      stub = await openStub('anthropic', [
        { kind: 'status', status, body: { error: { type: said, message: said }, message: said } },
      ]);

      const error = await failureOf(modelAt('anthropic', stub.url).reply(asking('hello')));

      expect(inspect(error, { depth: 9 }), `${status}`).to.not.include(KEY);
      stub.close();
    }
  });

  it('does not follow a redirect: the conversation goes to the configured address only [L5]', async () => {
    const elsewhere = await openStub('anthropic', [fine]);
    const headers = { location: `${elsewhere.url}/v1/messages` };
    stub = await openStub('anthropic', [{ kind: 'status', status: 307, body: {}, headers }]);

    const error = await failureOf(modelAt('anthropic', stub.url).reply(asking('hello')));
    elsewhere.close();

    expect(error.facts.why).to.equal('unreachable');
    expect(elsewhere.sent).to.have.length(0);
  });

  it('leaves nothing on the console, whatever the vendor’s own log switch says [L5, A5]', async () => {
    const written: unknown[] = [];
    const methods = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const { console: terminal } = globalThis;
    const before = methods.map((name) => [name, terminal[name]] as const);
    for (const name of methods) terminal[name] = (...said: unknown[]) => void written.push(said);
    process.env.ANTHROPIC_LOG = 'debug';
    stub = await openStub('anthropic', [{ kind: 'body', text: 'event: message_start\ndata: {"secret": \n\n' }]);

    const failed = await failureOf(modelAt('anthropic', stub.url).reply(asking('hello')));
    for (const [name, method] of before) terminal[name] = method;
    delete process.env.ANTHROPIC_LOG;

    expect(failed.facts.why).to.equal('unreadable');
    expect(written).to.deep.equal([]);
  });

  it('goes out without tools when there are none [L5]', async () => {
    stub = await openStub('anthropic', [fine]);

    await modelAt('anthropic', stub.url).reply(asking('hello', { tools: [] }));

    expect(JSON.parse(stub.sent[0]?.body ?? '')).to.not.have.property('tools');
  });

  it('says where it goes and who asks: the key to Anthropic, a signature for the Region to Bedrock [L5]', async () => {
    stub = await openStub('anthropic', [fine]);
    await modelAt('anthropic', stub.url).reply(asking('hello'));
    const [anthropic] = stub.sent;
    stub.close();
    stub = await openStub('bedrock', [fine]);

    await modelAt('bedrock', stub.url).reply(asking('hello'));

    const [bedrock] = stub.sent;
    expect(anthropic?.path).to.equal('/v1/messages');
    expect(anthropic?.headers).to.include({ authorization: `Bearer ${KEY}` });
    expect(bedrock?.path).to.equal('/model/global.anthropic.claude-sonnet-5-5/invoke-with-response-stream');
    expect(bedrock?.headers.authorization).to.match(/^AWS4-HMAC-SHA256 Credential=AKIA\w+\/\d+\/eu-west-1\/bedrock\//);
    expect(bedrock?.headers.authorization).to.not.include(KEY);
  });
});

describe('opening the model', () => {
  const parts = { clock: quickClock().clock, log: silentLog };

  it('gives none for LLM_PROVIDER=none, else one with a name for records [L5]', () => {
    const anthropic = { LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-opus-5-5', ANTHROPIC_API_KEY: KEY };
    const bedrock = { LLM_PROVIDER: 'bedrock', LLM_MODEL: 'eu.anthropic.claude-opus-5-5' };

    expect(openModel(loadConfig({}), parts)).to.equal(undefined);
    expect(openModel(loadConfig(anthropic), parts)?.name).to.equal('anthropic claude-opus-5-5');
    expect(openModel(loadConfig(bedrock), parts)?.name).to.equal('bedrock eu.anthropic.claude-opus-5-5');
  });

  it('loads no SDK before the first reply [L5]', () => {
    const url = (path: string) => new URL(`../../../${path}`, import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context); } });
      const { openModel } = await import('${url('bot/llm/open-model.ts')}');
      const { loadConfig } = await import('${url('lib/config.ts')}');
      for (const LLM_PROVIDER of ['anthropic', 'bedrock'])
        openModel(loadConfig({ LLM_PROVIDER, LLM_MODEL: 'm', ANTHROPIC_API_KEY: 'k' }), {});
      process.stdout.write(JSON.stringify(loaded));`;

    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });

    expect(run.stdout).to.include('open-model.ts').and.not.include('@anthropic-ai');
  });
});

/** A whole, if small, OpenTelemetry: the SDK finds it by the global that its own copy of the API sets. */
function traceEverything(): () => void {
  const sdk = createRequire(import.meta.url).resolve('@anthropic-ai/sdk');
  const { trace, propagation } = createRequire(sdk)('@opentelemetry/api');
  const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
  const tracer = { startSpan: () => span, startActiveSpan: () => span };
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  propagation.setGlobalPropagator({
    inject: (_: unknown, carrier: unknown, setter: { set(c: unknown, name: string, value: string): void }) =>
      setter.set(carrier, 'traceparent', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`),
    extract: (context: unknown) => context,
    fields: () => ['traceparent'],
  });
  return () => {
    trace.disable();
    propagation.disable();
  };
}
