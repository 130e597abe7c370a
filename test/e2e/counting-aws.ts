import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before something that plays AWS and writes down what it is asked for. */
export interface CountingAws {
  url: string;
  /** 'DescribeInstances', each as often as it was asked for, oldest first. */
  asked: string[];
  /** While it is set, this action is denied. */
  denied: string | undefined;
  stop(): Promise<void>;
}

export async function countingAws(behind: string): Promise<CountingAws> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const aws: CountingAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    denied: undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const action = new URLSearchParams(body).get('Action') ?? `${request.method} ${request.url}`;
    aws.asked.push(action);
    response.setHeader('content-type', 'text/xml').setHeader('x-amzn-requestid', `req-${aws.asked.length}`);
    if (action === aws.denied) return void response.writeHead(403).end(DENIED);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const answer = await fetch(behind, { method: 'POST', headers, body });
    response.writeHead(answer.status).end(await answer.text());
  }

  return aws;
}

const DENIED = `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors>
<RequestID>req-denied</RequestID></Response>`;
