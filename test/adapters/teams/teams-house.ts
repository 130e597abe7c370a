import { request } from 'node:http';
import { createHttpServer } from '../../../adapters/http/server.ts';
import { createTeams, type Teams, type TeamsOptions } from '../../../adapters/teams/teams.ts';
import type { Lobby } from '../../../bot/channel.ts';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { noLobby } from '../no-lobby.ts';
import type { Wire } from './activities.ts';
import { type ConnectorStub, startConnector } from './connector.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { APP_ID, TENANT } from './people.ts';

export interface HttpAnswer {
  status: number;
  text: string;
  json: Wire;
}

/** Teams' door on a real HTTP server, between a Bot Framework that signs and a connector that stores. */
export interface TeamsHouse {
  teams: Teams;
  connector: ConnectorStub;
  issuer: Issuer;
  store: Store;
  port: number;
  turns: Turn[];
  /** Sends an activity with a good token, or with the headers of the test. */
  sends(activity: unknown, headers?: Record<string, string | string[]>): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface Settings extends Partial<TeamsOptions> {
  onTurn?: (turn: Turn, teams: Teams, heard: () => void) => Promise<TurnResult>;
  lobby?: Lobby;
  connector?: ConnectorStub;
  issuer?: Issuer;
  /** Not started: `start` is what the test is about. */
  started?: boolean;
}

export const SECRET = 'a-token-for-the-connector';
const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

export async function startTeams(settings: Settings = {}): Promise<TeamsHouse> {
  const { onTurn, lobby = noLobby, started = true, ...options } = settings;
  const loopback = options.credentials === 'unauthenticated-loopback';
  const connector = settings.connector ?? (await startConnector(loopback ? undefined : SECRET));
  const issuer = settings.issuer ?? (await startIssuer());
  const store = options.store ?? (await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog }));
  const teams = createTeams({
    credentials: { appId: APP_ID, appType: 'SingleTenant', password: 'not-used', tenantId: TENANT },
    tenants: [TENANT],
    serviceHosts: [connector.host],
    openId: issuer,
    accessToken: loopback ? undefined : async () => SECRET,
    ...{ clock: systemClock, log: silentLog, mode: 'LOCAL_MOCK' },
    ...options,
    store,
  });
  const turns: Turn[] = [];
  const [door] = teams.doors;
  if (!door) throw new Error('Teams has no door');
  const server = createHttpServer(door.answer, systemClock, silentLog);
  await server.listen('127.0.0.1', 0);
  if (started) {
    await teams.start(async (turn, heard = () => {}) => {
      turns.push(turn);
      if (onTurn) return onTurn(turn, teams, heard);
      heard();
      return answered;
    }, lobby);
  }
  return {
    ...{ teams, connector, issuer, store, turns, port: server.port() },
    sends: (activity, headers) =>
      post(server.port(), activity, headers ?? { authorization: `Bearer ${issuer.token(connector.serviceUrl)}` }),
    async close() {
      await teams.stop();
      await server.close();
      if (!settings.connector) await connector.close();
      if (!settings.issuer) await issuer.close();
      if (!options.store) await store.close();
    },
  };
}

/** `body` that is a string or bytes goes as it is. */
export function post(
  port: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
): Promise<HttpAnswer> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/messages' },
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(bytes),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({ status: response.statusCode ?? 0, text, json: isJson && text ? JSON.parse(text) : {} });
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
