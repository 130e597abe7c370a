import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npmPeer } from '../../peers/peers.ts';
import type { Platform } from './platform.ts';
import { signingSecret } from './signed-requests.ts';
import type { Message } from './slack-world.ts';

/** Of the emulator, what is used here; its packages come without a description of this part. */
interface Rows<Row> {
  all(): Row[];
  insert(row: object): Row;
}
interface EmulatedStore {
  users: Rows<{ user_id: string; email: string; is_bot: boolean }>;
  channels: Rows<{ channel_id: string; name: string; is_im?: boolean; members: string[] }>;
  messages: Rows<EmulatedMessage>;
  ephemeralMessages: Rows<EmulatedMessage>;
  oauthApps: Rows<{ app_id: string; client_id: string; bot_id: string; bot_user_id: string }>;
  tokens: Rows<object>;
  views: Rows<{ view_id: string; type: string; [other: string]: unknown }>;
  viewTriggers: Rows<object>;
}
interface EmulatedMessage {
  channel_id: string;
  ts: string;
  text: string;
  blocks?: object[];
  thread_ts?: string;
  target_user?: string;
}
interface Emulator {
  slackPlugin: { register(...args: unknown[]): unknown; seed?(store: unknown, url: string): void };
  seedFromConfig(store: unknown, url: string, config: object): void;
  getSlackStore(store: unknown): EmulatedStore;
}
interface Core {
  createServer(
    plugin: object,
    options: object,
  ): { app: { fetch(request: Request): Promise<Response> }; store: unknown };
}

const token = 'xoxb-emulated';
const people = ['alice', 'bob', 'carol', 'dave', 'erin'];
const scopes = ['chat:write', 'users:read', 'users:read.email', 'commands', 'im:history', 'app_mentions:read'];

/** Where the emulator is; pending or failing like every peer without it. */
export const emulatorFolders = (suite: Mocha.Context) => ({
  emulate: npmPeer(suite, 'emulate'),
  core: npmPeer(suite, '@emulators/core'),
});

/** The Web API as `emulate` of vercel-labs plays it, in this process. */
export async function emulatePlatform(folders: ReturnType<typeof emulatorFolders>): Promise<Platform> {
  const { slackPlugin, seedFromConfig, getSlackStore } = await loadEmulator(folders.emulate);
  const core = join(folders.core, 'dist', 'index.js');
  const { createServer: createCore }: Core = await import(pathToFileURL(core).href);
  let lost = 0;
  let handle: (request: Request) => Promise<Response> = async () => new Response('', { status: 503 });
  const server = createServer(async (request, response) => {
    const body = await bytes(request);
    const lose = lost > 0 && (request.url ?? '').includes('/chat.');
    if (lose) lost -= 1;
    const answer = lose ? new Response('', { status: 503 }) : await handle(asWebRequest(request, body));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { app, store } = createCore(withoutEvents(slackPlugin), { baseUrl: url, tokens: {} });
  handle = (request) => app.fetch(request);
  slackPlugin.seed?.(store, url);
  seedFromConfig(store, url, {
    signing_secret: signingSecret,
    users: people.map((name) => ({ name, email: `${name}@example.com` })),
    channels: [{ name: 'opsagent' }],
    oauth_apps: [
      { client_id: '1.2', client_secret: 's', name: 'OpsAgent', redirect_uris: [], scopes, bot_name: 'opsagent' },
    ],
  });
  const emulated = getSlackStore(store);
  const [appRow] = emulated.oauthApps.all();
  const { app_id, bot_id, bot_user_id } = appRow ?? { app_id: '', bot_id: '', bot_user_id: '' };
  emulated.tokens.insert({
    token,
    token_type: 'bot',
    team_id: 'T000000001',
    user_id: bot_user_id,
    scopes,
    app_id,
    bot_id,
    bot_user_id,
  });
  return {
    apiUrl: `${url}/api/`,
    botToken: token,
    org: 'T000000001',
    channel: emulated.channels.all().find(({ name }) => name === 'opsagent')?.channel_id ?? '',
    userOf: (person) => emulated.users.all().find(({ email }) => email === person)?.user_id ?? 'U0NOBODY',
    directOf: (user) =>
      emulated.channels.all().find(({ is_im, members }) => is_im && members.includes(user))?.channel_id ?? '',
    messages: () => [...emulated.messages.all(), ...emulated.ephemeralMessages.all()].map(asMessage).sort(byTs),
    async trigger(user) {
      const trigger_id = `${Date.now()}.${Math.random()}`;
      const expires_at = Math.floor(Date.now() / 1000) + 3;
      emulated.viewTriggers.insert({
        trigger_id,
        team_id: 'T000000001',
        user_id: user,
        app_id,
        expires_at,
        used: false,
      });
      return trigger_id;
    },
    modals: () =>
      emulated.views
        .all()
        .filter(({ type }) => type === 'modal')
        .map((view) => ({ ...view, id: view.view_id })),
    losesNext(count) {
      lost = count;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The file of the package that has Slack in it; its name changes with each build. */
async function loadEmulator(folder: string): Promise<Emulator> {
  const dist = join(folder, 'dist');
  const file = readdirSync(dist).find(
    (name) => /^dist-.*\.js$/.test(name) && readFileSync(join(dist, name), 'utf8').includes('slackPlugin'),
  );
  return import(pathToFileURL(join(dist, file ?? '')).href);
}

/** OpsAgent is sent what the harness signs, so that the emulator sends nothing. Its core is older than its Slack. */
function withoutEvents(plugin: Emulator['slackPlugin']): object {
  return {
    ...plugin,
    register(app: unknown, store: unknown, webhooks: Record<string, unknown>, ...rest: unknown[]) {
      webhooks.setHeaderFactory = () => {};
      webhooks.dispatch = async () => {};
      return plugin.register(app, store, webhooks, ...rest);
    },
  };
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function asWebRequest({ url = '', method, headers }: IncomingMessage, body: Buffer): Request {
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`http://127.0.0.1${url}`, { method, headers: named, body: new Uint8Array(body) });
}

const asMessage = ({ channel_id, ts, text, blocks = [], thread_ts, target_user }: EmulatedMessage): Message => ({
  channel: channel_id,
  ts,
  text,
  blocks,
  thread_ts,
  only: target_user,
});

const byTs = (one: Message, other: Message): number => Number(one.ts) - Number(other.ts);
