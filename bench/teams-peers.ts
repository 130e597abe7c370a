import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import botbuilder from 'botbuilder';
import { TEAMS_APP } from './calls.ts';
import { load as find } from './peers/load.ts';

/** Bots that echo what was said, as each framework's own documentation makes them. */
export interface Peer {
  port: number;
}

export const peersAreInstalled = (): boolean => existsSync(new URL('./peers/node_modules', import.meta.url));

/** Typed by use alone: their types are not among the packages of the product. */
async function load<Module>(name: string): Promise<Module> {
  const found = await find(name);
  return (found.default && Object.keys(found).length <= 2 ? found.default : found) as Module;
}

type Handle = (request: IncomingMessage & { body?: unknown }, response: unknown) => unknown;

/** The smallest response object that these frameworks take. */
function wrapped(response: ServerResponse) {
  let status = 200;
  let body = '';
  return {
    socket: response.socket,
    header() {},
    setHeader: response.setHeader.bind(response),
    get headersSent() {
      return response.headersSent;
    },
    get writableEnded() {
      return response.writableEnded;
    },
    status(code: number) {
      status = code;
      return this;
    },
    send(said: unknown) {
      body = typeof said === 'string' ? said : JSON.stringify(said ?? '');
      return this;
    },
    end() {
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
      response.end(body);
      return this;
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function onNodeHttp(handle: Handle): Promise<Peer> {
  return listen(async (request, response) => {
    const body: unknown = JSON.parse((await read(request)).toString('utf8'));
    await handle(Object.assign(request, { body }), wrapped(response));
  });
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Peer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port };
}

/** botbuilder with its JWT check against the stub's keys; only the token for what goes out is made up. */
export async function botbuilderPeer(origin: string): Promise<Peer> {
  type Factory = ConstructorParameters<typeof botbuilder.ConfigurationBotFrameworkAuthentication>[1];
  const credentials = {
    isValidAppId: async () => true,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest(request: { headers: { set(name: string, value: string): void } }) {
        request.headers.set('authorization', 'Bearer bench');
        return request;
      },
    }),
  };
  const metadata = `${origin}/openidconfiguration`;
  const settings = {
    ToChannelFromBotLoginUrl: `${origin}/login`,
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    ToBotFromChannelTokenIssuer: `${origin}/issuer`,
    ToBotFromChannelOpenIdMetadataUrl: metadata,
    ToBotFromEmulatorOpenIdMetadataUrl: metadata,
    OAuthUrl: `${origin}/oauth`,
    CallerId: 'urn:botframework:azure',
  };
  const authentication = new botbuilder.ConfigurationBotFrameworkAuthentication(
    settings,
    credentials as unknown as Factory,
  );
  const adapter = new botbuilder.CloudAdapter(authentication);
  return onNodeHttp((request, response) =>
    adapter.process(request as never, response as never, async (context) => {
      await context.sendActivity(`echo ${context.activity.text}`);
    }),
  );
}

interface Echo {
  activity: { text: string };
  sendActivity(text: string): Promise<unknown>;
}

export async function agentsPeer(): Promise<Peer> {
  const { ActivityHandler } = await load<{
    ActivityHandler: new () => { onMessage(work: (context: Echo, next: () => Promise<void>) => Promise<void>): void };
  }>('@microsoft/agents-hosting');
  const { createAgentRequestHandler } = await load<{
    createAgentRequestHandler(bot: object, settings: object): Handle;
  }>('@microsoft/agents-hosting-express');
  const bot = new ActivityHandler();
  bot.onMessage(async (context, next) => {
    await context.sendActivity(`echo ${context.activity.text}`);
    await next();
  });
  return onNodeHttp(createAgentRequestHandler(bot, {}));
}

const quiet = { debug() {}, info() {}, warn() {}, error: complain, log() {}, child: () => quiet };

/** A peer that cannot do its work is no measure. */
function complain(...said: unknown[]): void {
  process.stderr.write(`${said.map((one) => (one instanceof Error ? one.stack : JSON.stringify(one))).join(' ')}\n`);
}

export async function teamsAppsPeer(): Promise<Peer> {
  interface Said {
    send(text: string): Promise<unknown>;
    activity: { text: string };
  }
  const { App } = await load<{
    App: new (
      settings: object,
    ) => {
      on(event: string, work: (said: Said) => Promise<void>): void;
      start(port: number): Promise<void>;
    };
  }>('@microsoft/teams.apps');
  const app = new App({ dangerouslyAllowUnauthenticatedRequests: true, logger: quiet });
  app.on('message', async ({ send, activity }) => {
    await send(`echo ${activity.text}`);
  });
  const port = 20_000 + (process.pid % 20_000);
  await app.start(port);
  return { port };
}

/** In the form of a token; nobody checks it. */
function madeUpToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { appid: TEAMS_APP, exp: Math.floor(Date.now() / 1000) + 3600 };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.bench`;
}

export async function chatSdkPeer(origin: string): Promise<Peer> {
  type Reply = (thread: { post(text: string): Promise<unknown> }, message: { text: string }) => Promise<void>;
  interface ChatLike {
    onNewMention(work: Reply): void;
    onDirectMessage(work: Reply): void;
    webhooks: { teams(request: Request, how: { waitUntil(work: Promise<unknown>): void }): Promise<Response> };
  }
  const { Chat } = await load<{ Chat: new (settings: object) => ChatLike }>('chat');
  const { createTeamsAdapter } = await load<{ createTeamsAdapter(settings: object): object }>('@chat-adapter/teams');
  const { createMemoryState } = await load<{ createMemoryState(): object }>('@chat-adapter/state-memory');
  const own = { appId: TEAMS_APP, appTenantId: 'bench', apiUrl: origin, token: async () => madeUpToken() };
  const teams = createTeamsAdapter({ ...own, logger: quiet, webhookVerifier: async () => true });
  const chat = new Chat({ userName: 'bot', adapters: { teams }, state: createMemoryState(), logger: quiet });
  const echo: Reply = async (thread, { text }) => void (await thread.post(`echo ${text}`));
  chat.onNewMention(echo);
  chat.onDirectMessage(echo);
  return listen(async (request, response) => {
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const works: Promise<unknown>[] = [];
    const url = `http://127.0.0.1${request.url}`;
    const body = new Uint8Array(await read(request));
    const answer = await chat.webhooks.teams(new Request(url, { method: 'POST', headers, body }), {
      waitUntil: (work) => void works.push(work),
    });
    await Promise.all(works);
    const text = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'content-length': text.length });
    response.end(text);
  });
}
