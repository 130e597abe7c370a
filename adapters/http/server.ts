import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { type Connections, keepConnections } from './connections.ts';
import { problem, type Reply, replyToError } from './reply.ts';
import { addressToBind, type Reach, securityHeaders, thisMachine } from './security.ts';

const drainMs = 5_000;
/** So many wait to be taken in; whoever finds it full is made to try again after a second. The system may allow fewer. */
const BACKLOG = 4_096;

/** Answers every request, either with a reply to write or by writing the response itself. */
export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<Reply | 'written'>;

export interface HttpServer {
  /** @throws OpsError `config_invalid` when the host is beyond its reach or the port cannot be had */
  listen(host: string, port: number): Promise<void>;
  /** The port that is listened on; 0 before `listen`. */
  port(): number;
  /** 'http://127.0.0.1:3978' */
  address(): string;
  /** Takes no more connections, waits up to 5 s for requests under way, then cuts them. */
  close(): Promise<void>;
}

export function createHttpServer(respond: Respond, clock: Clock, log: Log, reach: Reach = thisMachine): HttpServer {
  let stopping = false;
  const underWay = createUnderWay();
  const headers = Object.entries(securityHeaders(reach));
  const server = createServer({ maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 1_000 }, (request, response) => {
    if (!connections.begin(request, response)) return;
    underWay.add(response);
    for (const [name, value] of headers) response.setHeader(name, value);
    answerTo(request, response)
      .catch((thrown) => replyToError(thrown, log))
      .then((reply) => reply === 'written' || write(response, reply))
      .catch((thrown) => log.warn({ err: thrown }, 'an answer could not be written'));
  });
  async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<Reply | 'written'> {
    if (stopping) return stoppingReply();
    // Of two, a proxy in front may have read the other one.
    if ((request.headersDistinct.host ?? []).length > 1) return twoHosts();
    return respond(request, response);
  }
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  const connections: Connections = keepConnections(server);

  return {
    async listen(host, port) {
      await listening(server, addressToBind(host, reach), port);
      log.info({ address: addressOf(server) }, 'listening');
    },
    port: () => bound(server)?.port ?? 0,
    address: () => addressOf(server),
    async close() {
      stopping = true;
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const done = new AbortController();
      await Promise.race([underWay.empty(), clock.sleep(drainMs, done.signal).catch(() => undefined)]);
      done.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Browsers keep connections open that ask nothing: only answers that are still owed are worth waiting for. */
function createUnderWay() {
  const responses = new Set<ServerResponse>();
  const waiting: (() => void)[] = [];
  return {
    add(response: ServerResponse): void {
      responses.add(response);
      response.on('close', () => {
        responses.delete(response);
        if (responses.size === 0) for (const resolve of waiting.splice(0)) resolve();
      });
    },
    empty: () =>
      new Promise<void>((resolve) => {
        if (responses.size === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}

function bound(server: Server): AddressInfo | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address : undefined;
}

function addressOf(server: Server): string {
  const address = bound(server);
  if (!address) return 'not listening';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(cannotListen(error, port));
    server.once('error', failed);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, port: number): OpsError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there already',
    EACCES: 'this user may not use it',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new OpsError('config_invalid', `PORT ${port} cannot be used: ${reason}.`, {
    hint: `Stop the other program, or set PORT to a free port, for example PORT=${port === 3979 ? 3980 : 3979}.`,
    cause: error,
  });
}

function stoppingReply(): Reply {
  const message = 'OpsAgent is stopping.';
  return problem(503, { code: 'internal', message, hint: 'Try again in a moment.' }, { connection: 'close' });
}

function twoHosts(): Reply {
  const message = 'The request names two hosts.';
  return problem(400, { code: 'input_invalid', message, hint: 'Send the header Host once.' }, { connection: 'close' });
}

function write(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const plain = typeof body === 'string';
  const bytes = Buffer.from(plain ? body : JSON.stringify(body), 'utf8');
  response.writeHead(status, {
    'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(bytes);
}
