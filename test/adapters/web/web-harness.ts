import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserMessage } from '../../../adapters/web/browser-message.ts';
import type { ConsoleData } from '../../../adapters/web/console-data.ts';
import type { HealthReport, SignInOptions, WebConfig, WebOptions } from '../../../adapters/web/options.ts';
import { createWeb, type Web } from '../../../adapters/web/web.ts';
import type { OnTurn } from '../../../bot/channel.ts';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import type { View } from '../../../cards/view.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import type { Live } from '../../../store/live/live.ts';
import { createLocalHub } from '../../../store/live/local-live.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { noLobby } from '../no-lobby.ts';
import { anApproval } from '../views.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Empty when the body is not JSON. */
  json: Body;
}

/** What some answer may hold; each test asserts what its own must. */
export interface Body {
  code?: string;
  message?: string;
  hint?: string;
  correlation_id?: string;
  messages?: BrowserMessage[];
  approvals?: { view: View; card?: unknown }[];
  view?: View;
  card?: unknown;
  next?: string;
  [other: string]: unknown;
}

export interface Ask {
  method?: string;
  /** Sent as it is: no URL parser tidies it. */
  path: string;
  person?: string;
  headers?: Record<string, string>;
  body?: string | object;
}

export interface WebHarness {
  web: Web;
  store: Store;
  staticDir: string;
  /** What arrived, in order. */
  turns: Turn[];
  port: number;
  send(ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

interface Settings {
  config?: Partial<WebConfig>;
  data?: Partial<ConsoleData>;
  clock?: Clock;
  onTurn?: (turn: Turn, web: Web, heard?: () => void) => Promise<TurnResult>;
  store?: Store;
  live?: Live;
  health?: HealthReport['status'];
  dependencies?: HealthReport['dependencies'];
  signIn?: SignInOptions;
  /** None when left out. */
  limits?: WebOptions['limits'];
}

export const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

/** As in the directory: with more than the console is told. */
const people = [
  { id: 'alice@example.com', name: 'Alice', roles: ['engineer'], slack: 'U1' },
  { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'], slack: 'U2' },
  { id: 'carol@example.com', name: 'Carol', roles: ['viewer'] },
  { id: 'dave@example.com', name: 'Dave', roles: ['senior-engineer'] },
];

/** A console data of two people, one pending approval and one audit entry. */
const consoleData: ConsoleData = {
  person: (id) => people.find((person) => person.id === id),
  people: () => people,
  approvals: async () => ({ approvals: [anApproval()], next: 'page-2' }),
  approval: async (id) => (id === 'apr-1' ? { approval: anApproval(), history: [] } : undefined),
  audit: async () => ({ entries: [] }),
  auditChoices: () => ({ tools: [{ name: 'reboot_ec2', title: 'Reboot EC2 instance' }], outcomes: ['done', 'denied'] }),
  chain: async () => ({ ok: true, records: 0, head: '' }),
};

/** The web adapter over real HTTP on a free port, with an in-memory store. */
export async function startWeb(settings: Settings = {}): Promise<WebHarness> {
  const clock = settings.clock ?? systemClock;
  const store = settings.store ?? (await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog }));
  const staticDir = await mkdtemp(join(tmpdir(), 'opsagent-web-'));
  const turns: Turn[] = [];
  const config: WebConfig = {
    host: '127.0.0.1',
    port: 0,
    mode: 'LOCAL_MOCK',
    region: 'eu-west-1',
    version: '0.1.0',
    ...settings.config,
  };
  const web = createWeb({
    config,
    store,
    clock,
    log: silentLog,
    live: settings.live ?? createLocalHub(silentLog).join(),
    data: { ...consoleData, ...settings.data },
    signIn: settings.signIn,
    telemetryText: async () => '# HELP opsagent_turns_total turns\nopsagent_turns_total 1\n',
    health: async () => ({
      status: settings.health ?? 'ok',
      version: '0.1.0',
      mode: config.mode,
      dependencies: settings.dependencies ?? {},
    }),
    channels: ['#ops'],
    limits: settings.limits ?? { take: async () => undefined },
    doors: [],
    staticDir,
  });
  const onTurn: OnTurn = async (turn, heard) => {
    turns.push(turn);
    return settings.onTurn ? settings.onTurn(turn, web, heard) : answered;
  };
  await web.start(onTurn, noLobby);
  const port = Number(new URL(web.address()).port);
  return {
    web,
    store,
    staticDir,
    turns,
    port,
    send: (ask) => send(port, ask),
    async close() {
      await web.stop();
      if (!settings.store) await store.close();
      await rm(staticDir, { recursive: true });
    },
  };
}

export function send(port: number, { method = 'GET', path, person, headers = {}, body }: Ask): Promise<Answer> {
  const who: Record<string, string> = person === undefined ? {} : { 'x-opsagent-person': person };
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const framing: Record<string, string | number> =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, agent: false, headers: { ...framing, ...who, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.startsWith('application/json') && text !== '';
          const json: Body = isJson ? JSON.parse(text) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
