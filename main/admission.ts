import { createAdmit } from '../adapters/http/admission.ts';
import type { Admit } from '../adapters/http/admit.ts';
import { createApiKeys } from '../adapters/http/api-keys.ts';
import { type Bearer, createBearer } from '../adapters/http/bearer.ts';
import { withCors } from '../adapters/http/cors.ts';
import type { Door } from '../adapters/http/door.ts';
import { createIssuerKeys } from '../adapters/http/issuer-keys.ts';
import { createLimits } from '../adapters/http/limits.ts';
import { protectedResourceDoors, resourcesAt } from '../adapters/http/protected-resource.ts';
import { LOOPBACK, signInOf } from '../lib/facade-config.ts';
import type { House } from './compose.ts';

export interface Admission {
  admit: Admit;
  /** What anybody may read of how to get in. */
  doors: Door[];
  /** Puts the rules of browsers before the doors of REST and MCP, these included. */
  forBrowsers(doors: readonly Door[]): Door[];
}

/** Who gets in through REST and MCP, by what is configured. `port`: that the server listens on. */
export function openAdmission(house: House, port: () => number, limits = createLimits()): Admission {
  const { config, people, clock, log, services } = house;
  const local = () => `http://localhost:${port()}`;
  const baseUrl = () => config.PUBLIC_URL ?? local();
  const bearer = openBearer(house, baseUrl);
  // Where people can sign in, nobody is anybody without: a client that forgot its token must hear of it.
  const anyProof = bearer ?? signInOf(config);
  const isOpen = config.EXECUTION_MODE === 'LOCAL_MOCK' && LOOPBACK.includes(config.HOST) && !anyProof;
  const own = () => [
    ...LOOPBACK.map((host) => `http://${host.includes(':') ? `[${host}]` : host}:${port()}`),
    new URL(baseUrl()).origin,
  ];
  const { OIDC_ISSUER: issuer, API_KEYS_FILE } = config;
  return {
    admit: createAdmit({
      people,
      log,
      baseUrl,
      limits,
      ...(bearer && { bearer }),
      ...(API_KEYS_FILE !== undefined && { keys: createApiKeys({ services, clock, log }) }),
      ...(isOpen && { anonymous: { port } }),
    }),
    doors: bearer && issuer !== undefined ? protectedResourceDoors({ issuer, baseUrl }) : [],
    forBrowsers: (doors) => withCors(doors, { listed: config.CORS_ORIGINS ?? [], own }),
  };
}

function openBearer({ config, clock, log }: House, baseUrl: () => string): Bearer | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, PUBLIC_URL } = config;
  if (issuer === undefined || audience === undefined) return undefined;
  // Clients of MCP ask for a token for the address they call, and its issuer writes that into aud (RFC 8707).
  const own = PUBLIC_URL === undefined ? [] : resourcesAt(baseUrl());
  return createBearer({ issuer, audiences: [audience, ...own], keys: createIssuerKeys(issuer, clock, log), clock });
}
