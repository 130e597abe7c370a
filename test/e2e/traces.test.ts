import { LLMock } from '@copilotkit/aimock';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { type OtlpReceiver, type Received, startOtlpReceiver } from '../peers/otlp-receiver.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { pressOf, type Serving, serveIn } from './serving.ts';

const SECRET = 's3cr3t-0123456789';

/** Ends with how many files of OpenTelemetry's SDK were loaded. */
const NAMES_OTEL = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const found = new Set();
  registerHooks({ load: (url, context, next) => {
    if (/@opentelemetry\\/(?!api\\/|semantic)/.test(url)) found.add(url);
    return next(url, context);
  } });
  process.on('exit', () => process.stderr.write('otel: ' + found.size + '\\n'));
`)}`;

describe('opsagent with a collector of traces', function () {
  this.timeout(60_000);
  let house: Installation;
  let collector: OtlpReceiver;
  let serving: Serving | undefined;

  beforeEach(async () => {
    collector = await startOtlpReceiver();
    house = install({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${SECRET},x-other=a%20b`,
    });
  });

  afterEach(async () => {
    await stopped();
    collector.close();
    house.remove();
  });

  async function stopped() {
    serving?.signal('SIGTERM');
    const ended = await serving?.ended;
    serving = undefined;
    return ended;
  }

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const below = (parent: Received | undefined) =>
    collector.spans.filter(({ parentSpanId }) => parent !== undefined && parentSpanId === parent.spanId);

  it('tells a change from turn to AWS call in one trace, with ids and words of lists, and nothing that was written [A6, A1, A5]', async () => {
    serving = await serveIn(house);
    const words = `reboot ${known.sickInstance} because the parrot is unwell`;

    const asked = await serving.turn(ALICE, { text: words });
    const [card] = await serving.approvals(BOB, 'pending');
    if (!card) throw new Error('nothing waits');
    const pressed = await serving.turn(BOB, pressOf(card, 'approve'));
    await stopped();

    const changeId = card.approvalId;
    const [first, second] = named('turn').toSorted((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1));
    const execution = named('execute')[0];
    expect(collector.refused).to.deep.equal([]);
    expect(first?.attributes).to.deep.equal({
      'opsagent.channel': 'web',
      'opsagent.origin': 'message',
      'opsagent.correlation_id': asked.correlationId ?? asked.correlation_id,
      'opsagent.outcome': 'pending',
      'opsagent.change_id': changeId,
    });
    expect(below(first).map(({ name }) => name)).to.include.members(['understand', 'gate', 'deliver', 'store']);
    expect(second?.attributes, JSON.stringify(pressed)).to.include({ 'opsagent.change_id': changeId });
    expect(execution?.traceId).to.equal(second?.traceId);
    expect(execution?.attributes).to.include({ 'opsagent.tool': 'reboot_ec2', 'opsagent.outcome': 'succeeded' });
    expect(below(execution).map(({ name, attributes }) => `${name} ${attributes['opsagent.operation']}`)).to.include(
      'aws rebootInstances',
    );
    expect(new Set(collector.spans.map(({ service }) => service))).to.deep.equal(new Set(['opsagent']));
    expect(collector.raw.join('')).to.not.match(/parrot|alice|approve-|s3cr3t/i);
    expect(collector.headers[0]).to.include({ 'x-api-key': SECRET, 'x-other': 'a b' });
  });

  it('has the model’s calls as spans, and sends the vendor no trace header [A6, A5]', async () => {
    const mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
    mock.on({ userMessage: 'how are our boxes' }, { content: 'All is well.' });
    await mock.start();
    serving = await serveIn(house, {
      LLM_PROVIDER: 'anthropic',
      LLM_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-test-0123456789abcdef',
      ANTHROPIC_BASE_URL: mock.url,
    });

    await serving.turn(ALICE, { text: 'how are our boxes doing then' });
    await stopped();
    const sent = mock.getRequests().map(({ headers }) => Object.keys(headers));
    await mock.stop();

    const model = named('model')[0];
    expect(model?.attributes).to.deep.equal({ 'opsagent.provider': 'anthropic', 'opsagent.outcome': 'answer' });
    expect(named('turn')[0]?.spanId).to.equal(model?.parentSpanId);
    expect(sent).to.have.length(1);
    expect(sent.flat().filter((name) => /^(trace|b3|baggage)/.test(name))).to.deep.equal([]);
  });

  it('keeps the part of traces that the sampler says: of a ratio of 0 none, not one call leaves [A6]', async () => {
    serving = await serveIn(house, { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });

    const answer = await serving.turn(ALICE, { text: 'list ec2 instances' });
    await stopped();

    expect(answer.outcome).to.equal('done');
    expect(collector.raw).to.deep.equal([]);
  });

  it('answers and stops as ever while the collector is away or hangs, says so once, and keeps the header to itself [A6, A3, A5]', async () => {
    const { createServer } = await import('node:net');
    const hanging = createServer();
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const address = hanging.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const ends: { outcome: unknown; code: number | null; stderr: string }[] = [];

    for (const url of ['http://127.0.0.1:9', `http://127.0.0.1:${port}`]) {
      serving = await serveIn(house, { OTEL_EXPORTER_OTLP_ENDPOINT: url });
      const { outcome } = await serving.turn(ALICE, { text: 'list ec2 instances' });
      const ended = await stopped();
      ends.push({ outcome, code: ended?.code ?? null, stderr: ended?.stderr ?? '' });
    }
    hanging.close();

    expect(ends.map(({ outcome, code }) => [outcome, code])).to.deep.equal([
      ['done', 0],
      ['done', 0],
    ]);
    for (const { stderr } of ends) expect(stderr).to.not.include(SECRET);
    expect(ends[0]?.stderr).to.match(/traces do not reach the collector/);
  });

  it('loads nothing of OpenTelemetry’s SDK while it is off [A6, O3]', async () => {
    const loaded = async (env: Record<string, string>) => {
      serving = await serveIn(house, { NODE_OPTIONS: `--import=${NAMES_OTEL}`, ...env });
      return /^otel: (\d+)$/m.exec((await stopped())?.stderr ?? '')?.[1];
    };

    const off = await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    const on = await loaded({});

    expect(off).to.equal('0');
    expect(Number(on)).to.be.greaterThan(10);
  });

  it('names a wrong key with its fix, and never what a header holds [O3, A5]', async () => {
    const wrong = await house.run(['serve'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: `Bearer ${SECRET}`,
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
    });

    expect(wrong.code).to.equal(2);
    for (const key of [
      'ENDPOINT is "coll',
      'HEADERS is set to something else: use name=value',
      'SAMPLER is "some',
      'ARG is "1.5"',
    ])
      expect(wrong.stderr).to.include(key);
    expect(wrong.stderr).to.not.include(SECRET);
  });
});
