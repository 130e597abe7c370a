import { createHttpServer } from '../../../adapters/http/server.ts';
import { createSlack, type Slack, type SlackOptions } from '../../../adapters/slack/slack.ts';
import type { Lobby, OnTurn } from '../../../bot/channel.ts';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import { systemClock } from '../../../lib/clock.ts';
import { type Log, silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { noLobby } from '../no-lobby.ts';
import { type Answered, type SignedRequest, send, signingSecret } from './signed-requests.ts';
import { botToken } from './slack-world.ts';

export const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

/** The Slack adapter behind its real door on a free port, with a store in memory. */
export interface SlackHouse {
  slack: Slack;
  store: Store;
  /** What arrived, in order. */
  turns: Turn[];
  port: number;
  send(request: SignedRequest, where?: { method?: string; path?: string }): Promise<Answered>;
  /** Resolves when every turn that began is over. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Settings extends Partial<SlackOptions> {
  apiUrl: string;
  onTurn?: (turn: Turn, slack: Slack, heard: () => void) => Promise<TurnResult>;
  lobby?: Lobby;
  log?: Log;
}

export async function openHouse({ onTurn, lobby = noLobby, ...settings }: Settings): Promise<SlackHouse> {
  const store = settings.store ?? (await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog }));
  const slack = createSlack({
    signingSecret,
    tokens: { kind: 'bot-token', botToken },
    store,
    clock: systemClock,
    log: silentLog,
    incidentCommand: ({ summary, severity }) => `incident create summary="${summary}" severity=${severity}`,
    ...settings,
  });
  const turns: Turn[] = [];
  const works = new Set<Promise<unknown>>();
  const take: OnTurn = (turn, heard = () => {}) => {
    turns.push(turn);
    const work = onTurn ? onTurn(turn, slack, heard) : Promise.resolve(answered);
    works.add(work);
    return work.finally(() => works.delete(work));
  };
  await slack.start(take, lobby);
  const doors = new Map(slack.doors.map((door) => [`${door.method} ${door.path}`, door]));
  const server = createHttpServer(
    async (request, response) => {
      const door = doors.get(`${request.method} ${request.url?.split('?')[0]}`);
      return door ? door.answer(request, response) : { status: 404, body: '' };
    },
    systemClock,
    silentLog,
  );
  await server.listen('127.0.0.1', 0);
  return {
    slack,
    store,
    turns,
    port: server.port(),
    send: (request, where) => send(server.port(), request, where),
    settled: async () => void (await Promise.allSettled(works)),
    async close() {
      await slack.stop();
      await server.close();
      if (!settings.store) await store.close();
    },
  };
}
