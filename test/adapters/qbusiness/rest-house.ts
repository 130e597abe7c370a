import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admit } from '../../../adapters/http/admit.ts';
import type { Door } from '../../../adapters/http/door.ts';
import { createHttpServer } from '../../../adapters/http/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import { loadConfig } from '../../../lib/config.ts';
import { silentLog } from '../../../lib/log.ts';
import { silentTelemetry } from '../../../lib/telemetry.ts';
import { compose, type House } from '../../../main/compose.ts';
import { openFacades } from '../../../main/facade.ts';

/** What came back. `body` is what was parsed; each test asserts what it must hold. */
export interface Answered {
  status: number;
  type: string;
  headers: Headers;
  body: Record<string, unknown>;
}

/** Calls of REST as a person: the header is what the stand-in of LOCAL_MOCK goes by. */
export interface Rest {
  port: number;
  house: House;
  get(path: string, as?: string, headers?: Record<string, string>): Promise<Answered>;
  post(path: string, body: unknown, as?: string, headers?: Record<string, string>): Promise<Answered>;
  close(): Promise<void>;
}

/** The whole house behind REST, on a free port, with a store in a folder of its own. */
export async function openRest(env: Record<string, string> = {}, admit?: Admit): Promise<Rest> {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-rest-'));
  const store = `sqlite:${join(folder, 'ops.db')}`;
  const house = await compose(loadConfig({ STORE: store, LOG_LEVEL: 'silent', ...env }), silentTelemetry);
  const { bot, dispatcher, lobby } = house.open([]);
  const admission = admit && { admit, doors: [], forBrowsers: (doors: readonly Door[]) => [...doors] };
  const facades = openFacades(house, () => server.port(), admission);
  facades.start(bot.handleTurn, lobby);
  const server = await serveDoors(facades.doors);
  return {
    ...callsOf(server.port()),
    house,
    async close() {
      await server.close();
      await bot.drain();
      await dispatcher.stop();
      await house.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function serveDoors(doors: readonly Door[]) {
  const byPath = new Map(doors.map((door) => [`${door.method} ${door.path}`, door]));
  const server = createHttpServer(
    async (request, response) => {
      const door = byPath.get(`${request.method} ${request.url?.split('?')[0]}`);
      return door ? door.answer(request, response) : { status: 404, body: '' };
    },
    systemClock,
    silentLog,
  );
  await server.listen('127.0.0.1', 0);
  return server;
}

export function callsOf(port: number): Pick<Rest, 'port' | 'get' | 'post'> {
  const send = async (path: string, init: RequestInit): Promise<Answered> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const type = response.headers.get('content-type') ?? '';
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, type, headers: response.headers, body };
  };
  const asPerson = (as: string | undefined): Record<string, string> =>
    as === undefined ? {} : { 'x-opsagent-person': as };
  return {
    port,
    get: (path, as, headers) => send(path, { headers: { ...asPerson(as), ...headers } }),
    post: (path, body, as, headers) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...asPerson(as), ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
