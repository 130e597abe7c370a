import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';

const CLIENT = 'mcp-client';
const REDIRECT = 'https://client.example.com/callback';

/** Who signs in there, by the account that the interaction says. */
const ACCOUNTS: Record<string, { email?: string; email_verified?: boolean }> = {
  'u-alice': { email: 'alice@example.com', email_verified: true },
  'u-mallory': { email: 'mallory@example.com', email_verified: true },
  'u-unverified': { email: 'bob@example.com', email_verified: false },
  'u-nameless': {},
};

/** A real OpenID provider on loopback, whose people sign in at once. */
export interface RealProvider {
  issuer: string;
  /** An access token for this resource, by the authorization code flow with PKCE. */
  accessToken(account: string, resource: string): Promise<string>;
  /** The ID token of the same flow: no key to anything here. */
  idToken(account: string, resource: string): Promise<string>;
  /** Signs with a new key from now on; the old one is published no more. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export async function startRealProvider(): Promise<RealProvider> {
  let provider: Provider | undefined;
  let answer: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  let signsIn = '';
  const server = createServer((request, response) => {
    const isInteraction = request.url?.startsWith('/interaction/') && provider;
    if (isInteraction) void interact(provider as Provider, signsIn, request, response);
    else void answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rotate = async () => {
    provider = newProvider(issuer, await newKey());
    answer = provider.callback();
  };
  await rotate();
  const tokens = async (account: string, resource: string) => {
    signsIn = account;
    return codeFlow(issuer, resource);
  };
  return {
    ...{ issuer, rotate },
    accessToken: async (account, resource) => (await tokens(account, resource)).access_token,
    idToken: async (account, resource) => (await tokens(account, resource)).id_token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(6).toString('hex'), use: 'sig', alg: 'RS256' };
}

function newProvider(issuer: string, key: JWK): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT],
      },
    ],
    jwks: { keys: [key as never] },
    cookies: { keys: ['for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...ACCOUNTS[id] }) }),
    extraTokenClaims: (_, token) => ('accountId' in token ? ACCOUNTS[token.accountId ?? ''] : undefined),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'ops',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: { AccessToken: 600, Grant: 600, Interaction: 600, Session: 600, IdToken: 600, AuthorizationCode: 60 },
  });
}

async function interact(
  provider: Provider,
  accountId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId } });
  const grant = new provider.Grant({ accountId, clientId: CLIENT });
  grant.addOIDCScope('openid email');
  grant.addResourceScope(String(params.resource), 'ops');
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

/** What a browser and a client do between them. */
async function codeFlow(issuer: string, resource: string): Promise<{ access_token: string; id_token: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = {
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid email ops',
    resource,
  };
  const code = await codeOf(issuer, { ...asked, code_challenge, code_challenge_method: 'S256' });
  const form = { grant_type: 'authorization_code', client_id: CLIENT, code, redirect_uri: REDIRECT, resource };
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, code_verifier: verifier }),
  });
  return (await answer.json()) as { access_token: string; id_token: string };
}

async function codeOf(issuer: string, asked: Record<string, string>): Promise<string> {
  const cookies = new Map<string, string>();
  let url = new URL(`${issuer}/auth?${new URLSearchParams(asked)}`);
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    url = new URL(next, issuer);
    const code = url.searchParams.get('code');
    if (url.href.startsWith(REDIRECT) && code !== null) return code;
    if (url.href.startsWith(REDIRECT)) throw new Error(`no code but ${url.search}`);
  }
  throw new Error('the provider leads in a circle');
}
