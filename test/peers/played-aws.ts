import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Asked {
  method: string;
  url: URL;
  /** Of its body. */
  type: string;
  /** What a service with a JSON protocol is asked to do: 'Sign'. Empty for the others. */
  operation: string;
  body: string;
}

export interface Answer {
  status?: number;
  type: 'application/x-amz-json-1.1' | 'application/xml' | 'text/xml' | 'application/json';
  body: string;
}

export interface PlayedAws {
  url: string;
  /** Every request, oldest first. */
  asked: Asked[];
  stop(): Promise<void>;
}

/** A server that answers as AWS does where moto does not. Sets dummy credentials for the SDK. */
export async function playedAws(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<PlayedAws> {
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
  const asked: Asked[] = [];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const { method = '', headers } = request;
    const type = headers['content-type'] ?? '';
    const one = { method, url: new URL(request.url ?? '/', url), type, operation, body };
    const id = `req-${asked.push(one)}`;
    const { status = 200, type: answered, body: text } = await answer(one);
    response.writeHead(status, { 'content-type': answered, 'x-amzn-requestid': id }).end(text);
  }

  return {
    url,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As services with a JSON protocol answer. */
export function jsonAnswer(value: object, status = 200): Answer {
  return { status, type: 'application/x-amz-json-1.1', body: JSON.stringify(value) };
}
