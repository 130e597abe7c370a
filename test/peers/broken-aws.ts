import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server treats every request after its body has arrived. */
export type Breakage =
  | { kind: 'answer'; status: number; body: string; type?: string; headers?: Record<string, string> }
  | { kind: 'reset' }
  | { kind: 'hang' };

export interface BrokenAws {
  url: string;
  /** Requests whose body arrived. */
  requests: number;
  /** Of the last request. */
  userAgent: string;
  breakage: Breakage;
  stop(): Promise<void>;
}

/** A server that behaves as AWS, proxies and networks do on a bad day. `sts:GetCallerIdentity` always works. */
export async function brokenAws(): Promise<BrokenAws> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peer: BrokenAws = {
    url: `http://127.0.0.1:${port}`,
    requests: 0,
    userAgent: '',
    breakage: { kind: 'hang' },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (body.includes('GetCallerIdentity')) {
      return void response.setHeader('content-type', 'text/xml').setHeader('x-amzn-requestid', 'req-0').end(IDENTITY);
    }
    peer.requests += 1;
    peer.userAgent = request.headers['user-agent'] ?? '';
    const { breakage } = peer;
    if (breakage.kind === 'reset') return void request.socket.resetAndDestroy();
    if (breakage.kind === 'hang') return;
    const { status, type = 'text/xml', headers = {}, body: text } = breakage;
    response.writeHead(status, { 'content-type': type, ...headers }).end(text);
  }

  return peer;
}

/** An error as EC2 words it. */
export function ec2Error(status: number, code: string, message: string): Breakage {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>req-1</RequestID></Response>`;
  return { kind: 'answer', status, body, headers: { 'x-amzn-requestid': 'req-1' } };
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/tester</Arn><UserId>AIDATEST</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
