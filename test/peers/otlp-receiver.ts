import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Attributes = z
  .array(z.strictObject({ key: z.string(), value: z.strictObject({ stringValue: z.string() }) }))
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue])));
const Nanos = z.string().regex(/^\d{19}$/);

/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, as far as OpsAgent sends it: unknown members are refused. */
const Span = z.looseObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string(),
  startTimeUnixNano: Nanos,
  endTimeUnixNano: Nanos,
  attributes: Attributes,
  events: z.array(z.never()),
  status: z.object({ code: z.number() }),
});
const Request = z.strictObject({
  resourceSpans: z.array(
    z.looseObject({
      resource: z.looseObject({ attributes: Attributes }),
      scopeSpans: z.array(z.looseObject({ spans: z.array(Span) })),
    }),
  ),
});

export interface Received extends z.output<typeof Span> {
  service: string;
}

/** A collector that takes OTLP over HTTP in JSON, and refuses what is not that. */
export interface OtlpReceiver {
  url: string;
  spans: Received[];
  headers: IncomingHttpHeaders[];
  /** What came in, as it was. */
  raw: string[];
  /** What could not be read. */
  refused: string[];
  close(): void;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const got: Omit<OtlpReceiver, 'url' | 'close'> = { spans: [], headers: [], raw: [], refused: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    got.raw.push(text);
    got.headers.push(request.headers);
    const read = Request.safeParse(JSON.parse(text));
    const right = request.method === 'POST' && request.url === '/v1/traces' && read.success;
    if (!right) got.refused.push(`${request.method} ${request.url} ${read.error ?? ''}`);
    for (const { resource, scopeSpans } of read.data?.resourceSpans ?? [])
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        got.spans.push({ ...span, service: resource.attributes['service.name'] ?? '' });
    response.writeHead(right ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...got,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
