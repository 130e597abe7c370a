import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Provider, { type Configuration } from 'oidc-provider';
import { providerMemory } from './provider-memory.ts';

export const CLIENT = { clientId: 'console', clientSecret: 'a-secret-of-the-client-32-characters' };

/** An OpenID Connect provider as an organisation runs one, with a page that asks for an e-mail and believes it. */
export interface IdentityProvider {
  issuer: string;
  /** Claims of everybody who signs in from now on, beside the e-mail they typed. */
  claims: Record<string, unknown>;
  /** Another signing key, as after a rotation. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  redirectUris: readonly string[];
  /** 0 takes any. */
  port?: number;
  /** Claims stand in the ID token itself; else they have to be asked for. */
  thick?: boolean;
}

export async function startIdentityProvider({
  redirectUris,
  port = 0,
  thick = true,
}: Options): Promise<IdentityProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const claims: Record<string, unknown> = { email_verified: true };

  const open = () => {
    const provider = new Provider(issuer, configuration(redirectUris, thick, claims));
    const serve = provider.callback();
    answer = (request, response) => {
      const path = request.url ?? '';
      if (path.startsWith('/interaction/')) void interact(provider, request, response);
      else void serve(request, response);
    };
  };
  open();
  return {
    issuer,
    claims,
    rotate: async () => open(),
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function configuration(
  redirectUris: readonly string[],
  thick: boolean,
  claims: Record<string, unknown>,
): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    adapter: providerMemory(),
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [...redirectUris],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of the provider'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: !thick,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { Session: 86_400, Interaction: 600, Grant: 86_400, IdToken: 600, AccessToken: 600 },
    async findAccount(_context, id) {
      return { accountId: id, claims: async () => ({ sub: id, email: id, ...claims }) };
    },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        accountId: context.oidc.session?.accountId,
        clientId: context.oidc.client?.clientId,
      });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  };
}

/** One field: who are you? */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const form = new URLSearchParams(await text(request));
    const result = form.has('decline')
      ? { error: 'access_denied', error_description: 'the person said no' }
      : { login: { accountId: form.get('email') ?? '', ts: Math.floor(Date.now() / 1000) } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const { params } = await provider.interactionDetails(request, response);
  response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><title>Sign in</title>
<form method="post"><label>E-mail <input name="email" value="${String(params.login_hint ?? '').replaceAll('"', '')}"></label>
<button>Continue</button><button name="decline" value="1">Decline</button></form>`);
}
