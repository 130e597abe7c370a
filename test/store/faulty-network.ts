import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export type Fault =
  /** Answered here and never carried out. */
  | { kind: 'answer'; status: number; body: object }
  /** Carried out, but the connection breaks before the answer. */
  | { kind: 'lose answer' }
  /** A BatchWriteItem of which the first `items` are carried out, and the others named as left. */
  | { kind: 'in part'; items: number }
  /** Never carried out, never answered. */
  | { kind: 'silence' };

export interface FaultyNetwork {
  url: string;
  /** Operations in the order they arrived. */
  operations: string[];
  /** What befalls the next requests of this operation, one after the other. */
  befall(operation: string, ...faults: Fault[]): void;
  /** Runs once, before the next answer goes on its way or is lost. */
  beforeAnswer: (() => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** Stands between the SDK and DynamoDB, and does what networks and a busy service do. */
export async function faultyNetwork(upstream: string): Promise<FaultyNetwork> {
  const coming = new Map<string, Fault[]>();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const network: FaultyNetwork = {
    url: `http://127.0.0.1:${port}`,
    operations: [],
    beforeAnswer: undefined,
    befall: (operation, ...faults) => void coming.set(operation, [...(coming.get(operation) ?? []), ...faults]),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    network.operations.push(operation);
    const fault = coming.get(operation)?.shift();
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'answer') {
      await momentBeforeAnswer();
      return answer(response, fault.status, JSON.stringify(fault.body));
    }
    const asked = Buffer.concat(chunks).toString('utf8');
    const parts = fault?.kind === 'in part' ? splitBatch(asked, fault.items) : undefined;
    const carriedOut = await fetch(upstream, {
      method: 'POST',
      headers: copied(request),
      body: parts?.now ?? asked,
    });
    const body = parts?.answer ?? (await carriedOut.text());
    await momentBeforeAnswer();
    if (fault?.kind === 'lose answer') return void request.socket.resetAndDestroy();
    answer(response, carriedOut.status, body);
  }

  async function momentBeforeAnswer(): Promise<void> {
    const { beforeAnswer } = network;
    network.beforeAnswer = undefined;
    await beforeAnswer?.();
  }

  return network;
}

const Batch = z.object({ RequestItems: z.record(z.string(), z.array(z.unknown())) });

function splitBatch(asked: string, items: number): { now: string; answer: string } {
  const { RequestItems } = Batch.parse(JSON.parse(asked));
  const of = (part: (all: unknown[]) => unknown[]) =>
    Object.fromEntries(Object.entries(RequestItems).map(([table, all]) => [table, part(all)]));
  const now = JSON.stringify({ RequestItems: of((all) => all.slice(0, items)) });
  return { now, answer: JSON.stringify({ UnprocessedItems: of((all) => all.slice(items)) }) };
}

/** An error as DynamoDB words it. */
export function dynamodbError(status: number, name: string, more: object = {}): Fault {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: `${name}, says the test`, ...more };
  return { kind: 'answer', status, body };
}

function copied({ headers }: IncomingMessage): Record<string, string> {
  const wanted = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'];
  return Object.fromEntries(wanted.map((name) => [name, String(headers[name])]));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
