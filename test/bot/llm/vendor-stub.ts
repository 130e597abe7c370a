import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorOnTheWire, onTheWire, type VendorEvent, type Wire } from './vendor-events.ts';

/** What the stub does with one request. */
export type Scene =
  | { kind: 'events'; events: readonly VendorEvent[]; after?: 'end' | 'disconnect' | 'silence' | { type: string } }
  | { kind: 'status'; status: number; body: unknown; headers?: Record<string, string> }
  /** 200 with this and nothing else. */
  | { kind: 'body'; text: string }
  | { kind: 'silence' }
  | { kind: 'disconnect' };

export interface Sent {
  path: string;
  headers: IncomingHttpHeaders;
  /** Byte for byte. */
  body: string;
}

export interface Stub {
  url: string;
  sent: Sent[];
  close(): void;
}

/**
 * A small vendor over real HTTP, for what aimock cannot do: Bedrock's chunks as Bedrock wraps them (the SDK drops aimock's),
 * answers of any shape, and the bytes that were sent. Its scenes follow each other; the last one is
 * played again for every further request.
 */
export async function openStub(wire: Wire, scenes: readonly Scene[]): Promise<Stub> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url = '', headers } = request;
    sent.push({ path: url, headers, body: Buffer.concat(chunks).toString() });
    play(wire, scenes[Math.min(sent.length, scenes.length) - 1] ?? { kind: 'disconnect' }, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const CONTENT_TYPES: Record<Wire, string> = {
  anthropic: 'text/event-stream',
  bedrock: 'application/vnd.amazon.eventstream',
};

function play(wire: Wire, scene: Scene, response: ServerResponse): void {
  switch (scene.kind) {
    case 'events':
      response.writeHead(200, { 'content-type': CONTENT_TYPES[wire] });
      for (const event of scene.events) response.write(onTheWire(wire, event));
      finish(wire, scene.after ?? 'end', response);
      return;
    case 'status':
      response.writeHead(scene.status, { 'content-type': 'application/json', ...scene.headers });
      response.end(JSON.stringify(scene.body));
      return;
    case 'body':
      response.writeHead(200, { 'content-type': CONTENT_TYPES[wire] });
      response.end(scene.text);
      return;
    case 'silence':
      return;
    case 'disconnect':
      response.destroy();
  }
}

function finish(wire: Wire, after: NonNullable<(Scene & { kind: 'events' })['after']>, response: ServerResponse): void {
  if (after === 'silence') return;
  if (after === 'end') response.end();
  // A moment later: what was written has to arrive first.
  else if (after === 'disconnect') setTimeout(() => response.destroy(), 20);
  else response.end(errorOnTheWire(wire, after.type, 'it broke'));
}
