import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';
import { newApprovalToken } from '../../lib/ids.ts';
import { type Log, silentLog } from '../../lib/log.ts';
import { openTracing } from '../../lib/open-tracing.ts';
import { noTracing, type SpanFacts } from '../../lib/tracing.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../peers/otlp-receiver.ts';

describe('traces', () => {
  let collector: OtlpReceiver;

  beforeEach(async () => {
    collector = await startOtlpReceiver();
  });

  afterEach(() => collector.close());

  const open = (env: Record<string, string> = {}, log: Log = silentLog) =>
    openTracing(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env }), log);

  it('keep parent and child apart over awaits, for turns that run together [A6, A1]', async () => {
    const tracing = await open();
    const turn = (changeId: string) =>
      tracing.span('turn', { changeId }, async () => {
        await setTimeout(Math.random() * 5);
        await tracing.span('gate', { changeId }, async () => {
          await setTimeout(Math.random() * 5);
          tracing.past('aws', { changeId }, 1);
        });
      });

    await Promise.all(Array.from({ length: 40 }, (_, at) => turn(`chg-${at}`)));
    await tracing.close();

    const byId = new Map(collector.spans.map((span) => [span.spanId, span]));
    const lines = collector.spans.map(({ name, parentSpanId = '', attributes, traceId }) => {
      const parent = byId.get(parentSpanId);
      const same = !parent || (parent.traceId === traceId && sameChange(parent.attributes, attributes));
      return `${name} in ${parent?.name ?? 'nothing'}: ${same}`;
    });
    expect(lines.toSorted()).to.deep.equal([
      ...Array(40).fill('aws in gate: true'),
      ...Array(40).fill('gate in turn: true'),
      ...Array(40).fill('turn in nothing: true'),
    ]);
  });

  const sameChange = (one: Record<string, string>, other: Record<string, string>) =>
    one['opsagent.change_id'] === other['opsagent.change_id'];

  it('say a word of a list and an id, never a sentence, a token or anything long [A5, A6]', async () => {
    const tracing = await open();
    const spoken = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('two words', newApprovalToken(), 'x'.repeat(65)),
    );
    const said = fc.sample(spoken, 300);
    const facts: SpanFacts[] = said.map((kind) => ({ kind, what: 'post' }));

    await Promise.all(facts.map((fact) => tracing.span('turn', fact, async (tell) => tell(fact))));
    await tracing.close();

    const kept = collector.spans.map(({ attributes }) => attributes['opsagent.kind']);
    expect(kept).to.have.length(300);
    expect(new Set(kept.filter((one) => one !== undefined))).to.deep.equal(
      new Set(said.filter((one) => /^[\w.:-]{1,64}$/.test(one) && !one.startsWith('approve-'))),
    );
  });

  it('end as the work ends: a failure has its code and goes on, and its words stay here [A5, A6]', async () => {
    const tracing = await open({ OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=k' });
    const failure = new OpsError('aws_throttled', 'alice asked too often', { hint: 'wait' });

    const thrown = await tracing.span('turn', {}, () => Promise.reject(failure)).catch((error: unknown) => error);
    const value = await tracing.span('turn', {}, async () => 7);
    await tracing.close();

    expect([thrown, value]).to.deep.equal([failure, 7]);
    expect(collector.headers[0]).to.include({ 'x-api-key': 'k' });
    expect(collector.spans.map(({ status, attributes }) => [status.code, attributes])).to.deep.equal([
      [2, { 'opsagent.error': 'aws_throttled' }],
      [0, {}],
    ]);
    expect(collector.raw.join()).to.not.include('alice');
  });

  it('do not begin with housekeeping, and are not kept at all while they are off [A6]', async () => {
    const tracing = await open();
    const off = [await open({ OTEL_TRACES_SAMPLER: 'always_off' }), await openTracing(loadConfig({}), silentLog)];

    await tracing.span('store', {}, async () => tracing.past('aws', {}, 1));
    await tracing.close();

    expect(collector.raw).to.deep.equal([]);
    expect(off).to.deep.equal([noTracing, noTracing]);
  });

  it('of a ratio are kept whole or not at all [A6]', async () => {
    const tracing = await open({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });

    for (let at = 0; at < 200; at += 1) await tracing.span('turn', {}, async () => tracing.past('aws', {}, 1));
    await tracing.close();

    const of = (name: string) => collector.spans.filter((span) => span.name === name).map(({ traceId }) => traceId);
    expect(of('turn').length).to.be.within(40, 160);
    expect(of('aws').toSorted()).to.deep.equal(of('turn').toSorted());
  });
});
