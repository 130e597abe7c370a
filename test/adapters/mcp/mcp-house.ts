import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Admit } from '../../../adapters/http/admit.ts';
import { withCors } from '../../../adapters/http/cors.ts';
import { createHttpServer, type HttpServer } from '../../../adapters/http/server.ts';
import { createMcp } from '../../../adapters/mcp/mcp.ts';
import { note } from '../../../approvals/note.ts';
import type { OnTurn } from '../../../bot/channel.ts';
import { createLobby } from '../../../bot/lobby.ts';
import type { Speaker, Turn } from '../../../bot/turn.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { catalog } from '../../../tools/catalog.ts';
import { type BotHouse, createBotHouse } from '../../bot/bot-house.ts';
import { type Answer, send } from '../web/web-harness.ts';

export interface McpHouse {
  house: BotHouse;
  /** Every turn that came through the door. */
  turns: Turn[];
  port: number;
  /** The SDK's own client, let in as this person. */
  connect(who: string, as?: Speaker['auth']): Promise<Client>;
  /** What the protocol says is sent, except where a test says otherwise. */
  post(body: string | object, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

interface Settings {
  options?: Parameters<typeof createBotHouse>[0];
  admit?: Admit;
  publicUrl?: string;
  origins?: readonly string[];
  clock?: Clock;
  /** Put between the door and the bot. */
  through?: (onTurn: OnTurn) => OnTurn;
  started?: boolean;
}

const AUTHS: readonly Speaker['auth'][] = ['bearer', 'api-key'];

/** Whoever the request names: the proof is somebody else's test. */
const byName: Admit = async ({ headers }, channel) => {
  const [auth = '', who = ''] = (headers.authorization ?? '').split(' ');
  const known = AUTHS.find((one) => one === auth);
  if (!known) return { refused: { status: 401, body: {}, headers: { 'www-authenticate': 'Bearer realm="opsagent"' } } };
  return { speaker: { channel, userId: who, auth: known } };
};

/** The whole house behind `/mcp`, over real HTTP on a free port. */
export async function openMcp(settings: Settings = {}): Promise<McpHouse> {
  const { admit = byName, publicUrl, origins = [], clock = systemClock, through = (onTurn) => onTurn } = settings;
  const house = await createBotHouse(settings.options);
  const turns: Turn[] = [];
  const mcp = createMcp({
    admit,
    catalog,
    version: '0.0.0',
    publicUrl,
    note: (facts) => note(house.parts, facts),
    clock,
    log: silentLog,
  });
  const heard: OnTurn = (turn, ...more) => {
    turns.push(turn);
    return house.bot.handleTurn(turn, ...more);
  };
  const lobby = createLobby({ ...house, catalog, health: async () => ({ status: 'good', words: '' }) });
  if (settings.started ?? true) mcp.start(through(heard), lobby);
  const own = () => [server.address(), ...(publicUrl === undefined ? [] : [publicUrl])];
  const doors = new Map(withCors(mcp.doors, { listed: origins, own }).map((door) => [door.method as string, door]));
  const server: HttpServer = createHttpServer(
    async (request, response) =>
      doors.get(request.method ?? '')?.answer(request, response) ?? { status: 404, body: 'nothing here' },
    systemClock,
    silentLog,
  );
  await server.listen('127.0.0.1', 0);
  const clients: Client[] = [];
  return {
    house,
    turns,
    port: server.port(),
    async connect(who, as = 'bearer') {
      const client = new Client({ name: 'test', version: '1.0.0' });
      const headers = { authorization: `${as} ${who}@example.com` };
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${server.address()}/mcp`), { requestInit: { headers } }),
      );
      clients.push(client);
      return client;
    },
    post: (body, headers = {}) =>
      send(server.port(), { method: 'POST', path: '/mcp', body, headers: { ...USUAL, ...headers } }),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      await house.gate.stop();
      await house.store.close();
    },
  };
}

export const USUAL = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: 'bearer alice@example.com',
};

/** What a test looks at in an answer. */
const Facts = z.looseObject({ status: z.string(), untrusted_data: z.unknown().optional() });

export interface Called {
  text: string;
  facts: z.output<typeof Facts>;
  isError: boolean;
}

export async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Called> {
  const { content, structuredContent, isError } = (await client.callTool({ name, arguments: input })) as CallToolResult;
  const [first] = content;
  return {
    text: first?.type === 'text' ? first.text : '',
    facts: Facts.parse(structuredContent),
    isError: isError === true,
  };
}
