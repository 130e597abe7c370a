import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createProvider } from '../../../../adapters/web/sign-in/provider.ts';
import { SignInFailed } from '../../../../adapters/web/sign-in/provider-fault.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { hmacSigned, newSigning, published, signed, unsigned } from '../../http/issuer.ts';
import { CLIENT } from './identity-provider.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const json =
  (body: unknown): Answer =>
  (_request, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
const endless: Answer = (_request, response) => {
  response.setHeader('content-type', 'application/json').write('{"a":"');
  const more = () => {
    do sent.bytes += 64 * 1024;
    while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
  };
  response.on('drain', more);
  more();
};
const sent = { bytes: 0 };
const elsewhere: Answer = (_request, response) => void response.writeHead(302, { location: '/loot' }).end();

/** A provider that says and signs what it likes. */
describe('a sign-in service that means harm', function () {
  this.timeout(20_000);
  const signing = newSigning('k-1');
  const ties = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) };
  let server: Server;
  let issuer: string;
  let asked: string[];
  let at: Record<string, Answer>;

  beforeEach(async () => {
    asked = [];
    sent.bytes = 0;
    server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      (at[path] ?? json({}))(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    at = {
      '/.well-known/openid-configuration': json(metadata()),
      '/token': json(tokens(idToken())),
      '/jwks': json({ keys: [published(signing)] }),
    };
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const metadata = (more: object = {}) => ({
    ...{
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    },
    ...{ response_types_supported: ['code'], id_token_signing_alg_values_supported: ['RS256'] },
    ...more,
  });
  const claims = (more: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const of = { iss: issuer, aud: CLIENT.clientId, sub: 'u-1', nonce: ties.nonce, email: 'bob@example.com' };
    return { ...of, iat: now, exp: now + 600, ...more };
  };
  const head = { alg: 'RS256', kid: 'k-1' };
  const idToken = (more: object = {}) => signed(head, claims(more), signing.privateKey);
  const tokens = (id_token: string) => ({ access_token: 'a', token_type: 'Bearer', id_token });

  const provider = () => createProvider({ issuer, ...CLIENT }, systemClock);
  const became = (work: Promise<unknown>) =>
    work.catch((thrown: unknown) => (thrown instanceof SignInFailed ? thrown.problem : `not ours: ${thrown}`));
  const begin = () =>
    became(provider().address({ ...ties, redirectUri: 'http://localhost:1/auth/callback', fresh: false }));
  const finish = () =>
    became(provider().finish(new URL(`http://localhost:1/auth/callback?code=c&state=${ties.state}`), ties, false));

  it('is believed when it means none: what follows fails for its own reason', async () => {
    expect(await begin()).to.be.instanceOf(URL);
    expect(await finish()).to.deep.include({ email: 'bob@example.com' });
  });

  const addresses: Record<string, object> = {
    'people to a script': { authorization_endpoint: 'javascript:alert(1)' },
    'people where nothing is encrypted': { authorization_endpoint: 'http://evil.example/auth' },
    'us to the metadata of the cloud': { token_endpoint: 'http://169.254.169.254/latest/api/token' },
    'us to a file for its keys': { jwks_uri: 'file:///etc/passwd' },
    'us to a name that only begins well': { jwks_uri: 'http://127.0.0.1.evil.example/' },
    'us to a neighbour for what it knows of a person': { userinfo_endpoint: 'http://10.0.0.7/' },
  };
  for (const [what, more] of Object.entries(addresses)) {
    it(`leads nobody: neither ${what} [C3, E6]`, async () => {
      at['/.well-known/openid-configuration'] = json(metadata(more));

      expect(await begin()).to.equal('refused');
      expect(asked).to.deep.equal(['/.well-known/openid-configuration']);
    });
  }

  for (const path of ['/.well-known/openid-configuration', '/token', '/jwks']) {
    it(`fills no memory and leads nowhere else from ${path} [C3, E9]`, async () => {
      at[path] = endless;
      const full = await finish();
      at[path] = elsewhere;
      const led = await finish();
      at[path] = (_request, response) => void response.setHeader('content-type', 'text/html').end('<html>');
      const page = await finish();

      expect(
        [full, led, page].every((one) => one === 'refused' || one === 'away'),
        String([full, led, page]),
      ).to.equal(true);
      expect(sent.bytes).to.be.within(1, 16 * 1024 ** 2);
      expect(asked).not.to.include('/loot');
    });
  }

  it('does not keep us waiting by a byte now and then [C3, E9]', async () => {
    at['/token'] = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      const timer = setInterval(() => response.write(' '), 200);
      response.on('close', () => clearInterval(timer));
    };
    const began = performance.now();

    expect(await finish()).to.equal('away');
    expect(performance.now() - began).to.be.lessThan(8_000);
  });

  const known = published(signing);
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = Buffer.from(CLIENT.clientSecret);
  const oct = { kty: 'oct', kid: 'k-1', k: secret.toString('base64url'), alg: 'HS256', use: 'sig' };
  const forged: Record<string, () => { token: string; keys?: object[]; algs?: string[] }> = {
    'signed by nobody': () => ({ token: unsigned({ alg: 'none', kid: 'k-1' }, claims()), algs: ['none', 'RS256'] }),
    'signed with the secret of the client': () => ({
      ...{ token: hmacSigned({ ...head, alg: 'HS256' }, claims(), secret), keys: [oct], algs: ['HS256', 'RS256'] },
    }),
    'signed with the public key as a password': () => ({
      token: hmacSigned({ ...head, alg: 'HS256' }, claims(), signing.publicKey.export({ type: 'spki', format: 'pem' })),
      algs: ['HS256', 'RS256'],
    }),
    'signed by another key': () => ({ token: signed(head, claims(), own.privateKey) }),
    'signed by a key that it brings': () => ({
      token: signed({ ...head, jwk: own.publicKey.export({ format: 'jwk' }) }, claims(), own.privateKey),
    }),
    'signed by one of a hundred thousand keys': () => ({
      ...{
        token: idToken(),
        keys: Array.from({ length: 100_000 }, (_, kid) => ({ ...known, kid: `k-${kid}` })),
      },
    }),
    'for another client': () => ({ token: idToken({ aud: 'another' }) }),
    'of another issuer': () => ({ token: idToken({ iss: `${issuer}/` }) }),
    'with the nonce of another sign-in': () => ({ token: idToken({ nonce: 'm'.repeat(43) }) }),
    'that is over': () => ({ token: idToken({ iat: 1, exp: 2 }) }),
  };
  for (const [what, make] of Object.entries(forged)) {
    it(`signs nobody in by an ID token ${what} [C3, E6]`, async () => {
      const { token, keys, algs } = make();
      at['/token'] = json(tokens(token));
      if (keys) at['/jwks'] = json({ keys });
      if (algs)
        at['/.well-known/openid-configuration'] = json(metadata({ id_token_signing_alg_values_supported: algs }));

      expect(await finish()).to.be.oneOf(['refused', 'away']);
    });
  }

  it('that publishes its private key by mistake signs nobody in with it, or is taken by its public half [C3]', async () => {
    at['/jwks'] = json({ keys: [{ ...signing.privateKey.export({ format: 'jwk' }), kid: 'k-1', use: 'sig' }] });

    const outcome = await finish();

    expect(
      outcome === 'refused' || (outcome as { email?: string }).email === 'bob@example.com',
      String(outcome),
    ).to.equal(true);
  });
});
