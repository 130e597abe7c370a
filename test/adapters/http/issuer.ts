import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const AUDIENCE = 'opsagent';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface Signing {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function newSigning(kid: string, modulusLength = 2048): Signing {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength }) };
}

export const published = ({ kid, publicKey }: Signing): object => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
});

interface Parts {
  head?: object;
  claims?: object;
  signing?: Signing;
}

/** An issuer by hand: whatever it says and signs, a test decides. */
export interface Issuer {
  issuer: string;
  signing: Signing;
  /** Paths it was asked for, in order. */
  asked: string[];
  /** What it answers; a test puts another one in its place. */
  answer: { metadata: () => unknown; keys: () => unknown };
  /** Takes the answer into its own hands. */
  instead: ((response: ServerResponse) => void) | undefined;
  token(parts?: Parts): string;
  close(): Promise<void>;
}

export const goodClaims = (issuer: string): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: AUDIENCE, sub: 'u-1', email: 'alice@example.com', iat: now, nbf: now, exp: now + 600 };
};

export const signed = (head: object, claims: object, key: KeyObject): string =>
  signedText(JSON.stringify(head), JSON.stringify(claims), key);

/** Also what JSON.stringify would never write. */
export function signedText(head: string, claims: string, key: KeyObject): string {
  const input = [head, claims].map((text) => Buffer.from(text).toString('base64url')).join('.');
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`;
}

export function hmacSigned(head: object, claims: object, secret: string | Buffer): string {
  const input = `${encoded(head)}.${encoded(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export const unsigned = (head: object, claims: object): string => `${encoded(head)}.${encoded(claims)}.`;

export async function startIssuer(): Promise<Issuer> {
  const signing = newSigning('k-1');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (house.instead) return house.instead(response);
    const body = request.url === '/keys' ? house.answer.keys() : house.answer.metadata();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const house: Issuer = {
    ...{ issuer, signing, asked, instead: undefined },
    answer: {
      metadata: () => ({ issuer, jwks_uri: `${issuer}/keys` }),
      keys: () => ({ keys: [published(signing)] }),
    },
    token: ({ head, claims, signing: by = signing } = {}) =>
      signed(
        { alg: 'RS256', kid: by.kid, typ: 'at+jwt', ...head },
        { ...goodClaims(issuer), ...claims },
        by.privateKey,
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return house;
}
