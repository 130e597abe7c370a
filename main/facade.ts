import type { IncomingMessage } from 'node:http';
import type { Admit } from '../adapters/http/admit.ts';
import { problem } from '../adapters/http/reply.ts';
import { createFacade, type Facade } from '../adapters/qbusiness/facade.ts';
import { readEndpoints } from '../adapters/qbusiness/oauth-endpoints.ts';
import { openapiDocument } from '../adapters/qbusiness/openapi.ts';
import { refuseCrossSite, refuseForeignHost } from '../adapters/web/security.ts';
import type { Config } from '../lib/config.ts';
import { catalog } from '../tools/catalog.ts';
import { defaultSpeaker } from './ask.ts';
import type { House } from './compose.ts';

/** REST and its OpenAPI document, beside the console on the same server. */
export function facade({ config, clock, log }: House, admit: Admit = admitLocally(config)): Facade {
  const { EXECUTION_MODE: mode, OIDC_ISSUER: issuer, API_KEYS_FILE, PUBLIC_URL, version } = config;
  const endpoints = issuer === undefined ? undefined : readEndpoints(issuer, { clock, log });
  const document = async (port: number) =>
    openapiDocument({
      serverUrl: PUBLIC_URL ?? `http://localhost:${port}`,
      version,
      catalog,
      oauth: await endpoints?.(),
      apiKeys: API_KEYS_FILE !== undefined,
    });
  return createFacade({ catalog, mode, clock, log, admit, document });
}

/** Without a proof of who it is: in LOCAL_MOCK whoever the header names, else Alice; anywhere else nobody (Q3). */
function admitLocally(config: Config): Admit {
  return async (request, channel) => {
    if (config.EXECUTION_MODE !== 'LOCAL_MOCK') return { refused: NOBODY };
    const refused = refuseForeignHost(request, portOf(request)) ?? refuseCrossSite(request);
    if (refused) return { refused };
    const named = request.headers['x-opsagent-person'];
    const userId = typeof named === 'string' && named !== '' ? named : defaultSpeaker(config);
    return { speaker: { channel, userId, auth: 'local-switch' } };
  };
}

const portOf = ({ socket }: IncomingMessage): number => socket.localPort ?? 0;

const NOBODY = problem(401, {
  code: 'unknown_person',
  message: 'Nobody is let in without a proof of who it is.',
  hint: 'Set OIDC_ISSUER and OIDC_AUDIENCE for people, API_KEYS_FILE for programs.',
});
