import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APP_ID } from './people.ts';

/** A Bot Framework of our own: it signs, and publishes what it signs with. */
export interface Issuer {
  metadataUrl: string;
  issuer: string;
  /** 'metadata' and 'keys', as they were asked for. */
  asked: string[];
  /** The key that may sign for Teams. */
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** A token for this place, or one that differs from it. `key` signs; `head` and `claims` are laid over the right ones. */
  token(serviceUrl: string, wrong?: { head?: object; claims?: object; key?: KeyObject }): string;
  /** Publishes other keys from now on. */
  publish(keys: object[]): void;
  /** Answers so from now on; 200 by default. */
  answers(status: number): void;
  close(): Promise<void>;
}

export const KEY_ID = 'teams-1';
export const now = (): number => Math.floor(Date.now() / 1000);

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: string[] = [];
  let keys = [publishedKey(publicKey)];
  let status = 200;
  const server = createServer((request, response) => {
    const wantsKeys = request.url === '/keys';
    asked.push(wantsKeys ? 'keys' : 'metadata');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(wantsKeys ? { keys } : { issuer: ISSUER, jwks_uri: `${origin}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    metadataUrl: `${origin}/.well-known/openidconfiguration`,
    issuer: ISSUER,
    ...{ asked, privateKey, publicKey },
    token(serviceUrl, { head, claims, key = privateKey } = {}) {
      const header = { alg: 'RS256', kid: KEY_ID, typ: 'JWT', ...head };
      return signed(header, { ...goodClaims(serviceUrl), ...claims }, key);
    },
    publish(others) {
      keys = others as typeof keys;
    },
    answers(code) {
      status = code;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const ISSUER = 'https://api.botframework.com';

export const goodClaims = (serviceUrl: string) => ({
  iss: ISSUER,
  aud: APP_ID,
  serviceurl: serviceUrl,
  nbf: now() - 60,
  exp: now() + 3600,
});

export function publishedKey(key: KeyObject, kid = KEY_ID, endorsements: readonly string[] | undefined = ['msteams']) {
  return { ...key.export({ format: 'jwk' }), use: 'sig', kid, endorsements };
}

export const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

export function signed(header: object, claims: object, key: KeyObject, algorithm = 'RSA-SHA256'): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${createSign(algorithm).update(input).sign(key, 'base64url')}`;
}
