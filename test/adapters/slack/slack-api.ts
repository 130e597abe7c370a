import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Args, methods } from './slack-methods.ts';
import { createWorld, type World } from './slack-world.ts';

interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface Call {
  method: string;
  args: Args;
  /** Epoch ms. */
  at: number;
}

/** Slack's Web API as far as OpsAgent uses it, for what the emulator lacks. It fails where Slack fails. */
export interface SlackApi {
  /** 'http://127.0.0.1:…/api/'. */
  apiUrl: string;
  world: World;
  /** What was asked, oldest first. */
  calls: Call[];
  callsOf(method: string): Args[];
  /** The next `count` calls of methods that match are answered like this and do nothing. */
  fails(methods: RegExp, count: number, answer: { status?: number; error?: string; retryAfter?: number }): void;
  /** The next call is done, and its answer ends after its first byte. */
  cutsAnswerOf(method: RegExp): void;
  /** The next call meets a connection that is being closed: nothing is done. */
  hangsUpOn(method: RegExp): void;
  /** From now on calls of methods that match take this long. */
  slows(methods: RegExp, ms: number): void;
  close(): Promise<void>;
}

export async function startSlackApi(): Promise<SlackApi> {
  const world = createWorld();
  const calls: Call[] = [];
  const failures: { methods: RegExp; left: number; answer: Answer }[] = [];
  const cuts: RegExp[] = [];
  const hangUps: RegExp[] = [];
  let slow = { methods: /^$/, ms: 0 };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = (request.url ?? '').replace(/^\/api\//, '');
    if (takeMatch(hangUps, method)) {
      request.socket.destroy();
      return;
    }
    const args = parseArgs(await text(request));
    calls.push({ method, args, at: Date.now() });
    if (slow.methods.test(method)) await new Promise((resolve) => setTimeout(resolve, slow.ms));
    const failure = failures.find(({ methods, left }) => left > 0 && methods.test(method));
    if (failure) {
      failure.left -= 1;
      write(response, failure.answer);
      return;
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const answer = answerTo(world, method, token, args);
    if (!takeMatch(cuts, method)) write(response, answer);
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{', () => request.socket.destroy());
    }
  };

  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    world,
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method).map(({ args }) => args),
    fails(pattern, left, { status = 200, error, retryAfter }) {
      const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
      const body = error === undefined ? '' : JSON.stringify({ ok: false, error });
      failures.push({
        methods: pattern,
        left,
        answer: { status: retryAfter === undefined ? status : 429, body, headers },
      });
    },
    cutsAnswerOf: (pattern) => void cuts.push(pattern),
    hangsUpOn: (pattern) => void hangUps.push(pattern),
    slows(pattern, ms) {
      slow = { methods: pattern, ms };
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function takeMatch(patterns: RegExp[], method: string): boolean {
  const found = patterns.findIndex((pattern) => pattern.test(method));
  if (found !== -1) patterns.splice(found, 1);
  return found !== -1;
}

function answerTo(world: World, method: string, token: string, args: Args): Answer {
  const handle = methods[method];
  const installed = world.tokens.get(token);
  const open = method === 'oauth.v2.access';
  const answer = !handle
    ? { error: 'unknown_method' }
    : !open && !installed
      ? { error: token === '' ? 'not_authed' : 'invalid_auth' }
      : handle(world, args, installed ?? { team: '', user: '', bot: '' });
  return { status: 200, body: JSON.stringify({ ok: !('error' in answer), ...answer }) };
}

/** Forms, as the client sends them; what is JSON in them is read. */
function parseArgs(body: string): Args {
  const fields = [...new URLSearchParams(body)].filter(([name]) => name !== 'token');
  return Object.fromEntries(fields.map(([name, value]) => [name, /^[[{]/.test(value) ? JSON.parse(value) : value]));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
