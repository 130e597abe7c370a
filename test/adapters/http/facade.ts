import { type AdmissionParts, createAdmit } from '../../../adapters/http/admission.ts';
import type { Admit } from '../../../adapters/http/admit.ts';
import { createApiKeys, ServicesFile } from '../../../adapters/http/api-keys.ts';
import { createBearer } from '../../../adapters/http/bearer.ts';
import { createIssuerKeys } from '../../../adapters/http/issuer-keys.ts';
import { createLimits, type Sizes } from '../../../adapters/http/limits.ts';
import { createHttpServer } from '../../../adapters/http/server.ts';
import { createDirectory, localPeople } from '../../../approvals/people.ts';
import type { Speaker } from '../../../bot/turn.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { sha256Hex } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import { type Answer, send } from '../web/web-harness.ts';
import { AUDIENCE } from './issuer.ts';

export const CI_KEY = `oak_${'A'.repeat(43)}`;
export const NEXT_KEY = `oak_${'B'.repeat(43)}`;
export const WALLBOARD_KEY = `oak_${'C'.repeat(43)}`;

export const services = ServicesFile.parse({
  ci: { roles: ['engineer'], keys: [{ sha256: sha256Hex(CI_KEY) }, { sha256: sha256Hex(NEXT_KEY) }] },
  wallboard: { roles: ['viewer'], keys: [{ sha256: sha256Hex(WALLBOARD_KEY) }] },
});

export const people = createDirectory(
  () => localPeople,
  () => services.map(({ principal }) => principal),
);

export const keysOf = (clock: Clock = systemClock) =>
  createApiKeys({ services: () => ({ state: 'fresh', value: services }), clock, log: silentLog });

export const bearerOf = (issuer: string, clock: Clock = systemClock) =>
  createBearer({ issuer, audiences: [AUDIENCE], keys: createIssuerKeys(issuer, clock, silentLog), clock });

/** So many that a test of something else never meets them. */
export const NO_LIMIT: Sizes = { perMinute: 1e9, burst: 1, failuresPerMinute: 1e9 };

interface Options extends Partial<Omit<AdmissionParts, 'anonymous'>> {
  anonymous?: boolean;
}

export interface Facade {
  port: number;
  /** Whom it let in, in order. */
  speakers: Speaker[];
  /** Two values of one header are two headers. */
  ask(headers: Record<string, string | string[]>, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** A server that lets in whom `createAdmit` lets in, and answers with who that is. */
export async function startFacade({ anonymous = false, ...options }: Options = {}): Promise<Facade> {
  const speakers: Speaker[] = [];
  const admit: Admit = createAdmit({
    ...{ people, log: silentLog, limits: createLimits({ sizes: NO_LIMIT }), baseUrl: () => 'https://ops.example.com' },
    ...options,
    ...(anonymous && { anonymous: { port: () => server.port() } }),
  });
  const server = createHttpServer(
    async (request) => {
      const outcome = await admit(request, request.url === '/mcp' ? 'mcp' : 'api');
      if ('refused' in outcome) return outcome.refused;
      speakers.push(outcome.speaker);
      return { status: 200, body: outcome.speaker };
    },
    systemClock,
    silentLog,
  );
  await server.listen('127.0.0.1', 0);
  return {
    port: server.port(),
    speakers,
    ask: (headers, path = '/chat') => send(server.port(), { path, headers: headers as Record<string, string> }),
    close: () => server.close(),
  };
}
