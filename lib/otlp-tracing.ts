import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Config } from './config.ts';
import { asOpsError } from './errors.ts';
import type { Log } from './log.ts';
import { redact } from './redact.ts';
import type { SpanFacts, SpanName, Tracing } from './tracing.ts';

interface Options {
  /** Base URL; traces go to `/v1/traces` below it. */
  endpoint: string;
  headers: Record<string, string>;
  service: string;
  version: string;
  sampler: Config['OTEL_TRACES_SAMPLER'];
  /** 0 to 1; for the samplers by ratio. */
  ratio: number;
  log: Log;
}

/** What may begin a trace: the store's housekeeping and polling would be traces of one span. */
const BEGINS: ReadonlySet<SpanName> = new Set(['turn', 'execute', 'deliver']);
/** A collector that hangs holds up neither a stop nor the memory: 2,048 spans wait at most, the rest are lost. */
const EXPORT_MS = 3_000;
const CLOSE_MS = 2_000;

/**
 * Spans as OTLP over HTTP, in JSON. Nothing is registered with the OpenTelemetry API: no library in this process finds a provider,
 * so none makes spans of its own or sends our ids along with its requests.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpTracing({ endpoint, headers, service, version, sampler, ratio, log }: Options): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers, timeoutMillis: EXPORT_MS });
  const provider = new TracerProvider({
    sampler: samplerOf(sampler, ratio),
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: telling(exporter, log), exportTimeoutMillis: EXPORT_MS })],
  });
  const tracer = provider.getTracer('opsagent', version);
  const within = new AsyncLocalStorage<Context>();

  return {
    isOn: true,
    async span(name, facts, work) {
      const parent = within.getStore();
      if (!parent && !BEGINS.has(name)) return work(() => {});
      const context = parent ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes: attributesOf(facts) }, context);
      try {
        return await within.run(trace.setSpan(context, span), () =>
          work((more) => void span.setAttributes(attributesOf(more))),
        );
      } catch (thrown) {
        fail(span, thrown);
        throw thrown;
      } finally {
        span.end();
      }
    },
    past(name, facts, ms) {
      const parent = within.getStore();
      if (!parent) return;
      tracer.startSpan(name, { attributes: attributesOf(facts), startTime: Date.now() - ms }, parent).end();
    },
    close: async () => void (await Promise.race([provider.shutdown().catch(() => {}), enough()])),
  };
}

const enough = () => setTimeout(CLOSE_MS, undefined, { ref: false });

function fail(span: Span, thrown: unknown): void {
  // The message may quote what a person wrote.
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('opsagent.error', asOpsError(thrown).code);
}

function samplerOf(name: Options['sampler'], ratio: number): Sampler {
  const [, based, own = 'always_on'] = /^(parentbased_)?(.*)$/.exec(name) ?? [];
  const root = own === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : always(own);
  return based ? new ParentBasedSampler({ root }) : root;
}

const always = (name: string): Sampler => (name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler());

const WORD = /^[\w.:-]{1,64}$/;

function attributesOf(facts: SpanFacts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      WORD.test(value) && redact(value) === value ? [[attributeName(name), value]] : [],
    ),
  );
}

/** 'opsagent.correlation_id' for correlationId. */
const attributeName = (name: string) => `opsagent.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** Says once that spans are lost, and once that they arrive again. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  let lost = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined || result.code !== 0;
        if (failed && !lost)
          log.warn({ error: result.error?.message }, 'traces do not reach the collector; spans are lost');
        if (!failed && lost) log.info({}, 'traces reach the collector again');
        lost = failed;
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
