import { expect } from 'chai';
import { systemClock } from '../../../lib/clock.ts';
import { bearerOf, type Facade, startFacade } from './facade.ts';
import { goodClaims, hmacSigned, type Issuer, newSigning, published, signed, startIssuer } from './issuer.ts';

const MINUTE = 60_000;

describe('the keys of the issuer', () => {
  let issuer: Issuer;
  let facade: Facade;
  /** How much later it is for OpsAgent. */
  let later: number;

  beforeEach(async () => {
    later = 0;
    issuer = await startIssuer();
    const clock = { ...systemClock, now: () => Date.now() + later };
    facade = await startFacade({ bearer: bearerOf(issuer.issuer, clock) });
  });
  afterEach(async () => {
    await facade.close();
    await issuer.close();
  });

  const lasting = { exp: Math.floor(Date.now() / 1000) + 86_400 };
  const token = (signing = issuer.signing) => issuer.token({ signing, claims: lasting });
  const status = async (one = token()) => (await facade.ask({ authorization: `Bearer ${one}` })).status;
  const fetched = () => issuer.asked.filter((path) => path === '/keys').length;

  it('are fetched once, however many wait for them [Q3]', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => status()));

    expect(new Set(answers)).to.deep.equal(new Set([200]));
    expect(issuer.asked).to.deep.equal(['/.well-known/openid-configuration', '/keys']);
  });

  it('are fetched anew for a key that is new, and no more often than each 30 s for one that nobody has [Q3]', async () => {
    const next = newSigning('k-2');
    const unknown = newSigning('nobody');
    await status();
    issuer.answer.keys = () => ({ keys: [published(issuer.signing), published(next)] });

    const early = await status(token(next));
    const afterEarly = fetched();
    later = 31_000;
    const rotated = await status(token(next));
    const flood = await Promise.all(Array.from({ length: 50 }, () => status(token(unknown))));

    expect([early, afterEarly]).to.deep.equal([401, 1]);
    expect(rotated).to.equal(200);
    expect(new Set(flood)).to.deep.equal(new Set([401]));
    expect(fetched()).to.equal(2);
  });

  it('that are withdrawn count no more a moment after ten minutes [Q3]', async () => {
    await status();
    const next = newSigning('k-2');
    issuer.answer.keys = () => ({ keys: [published(next)] });
    later = 10 * MINUTE;
    // Whoever comes first does not wait, and starts the look.
    await status();
    await status(token(next));

    expect(await status()).to.equal(401);
  });

  it('serve for an hour while the issuer is away, and then nobody is let in: 503 with a plain problem [Q3, Q4]', async () => {
    await status();
    issuer.instead = (response) => response.writeHead(500).end();

    later = 50 * MINUTE;
    const known = await status();
    const unknown = await facade.ask({ authorization: `Bearer ${token(newSigning('k-9'))}` });
    later = 61 * MINUTE;
    const late = await facade.ask({ authorization: `Bearer ${token()}` });

    expect(known).to.equal(200);
    expect([unknown.status, late.status]).to.deep.equal([503, 503]);
    expect(late.json).to.include({ code: 'identity_unavailable' });
    expect(late.json.hint).to.include('OIDC_ISSUER');
  });

  it('are asked for again five seconds after an attempt that failed, not at once [Q3]', async () => {
    const { instead } = issuer;
    issuer.instead = (response) => response.writeHead(500).end();
    const away = [await status(), await status(), await status()];
    const attempts = issuer.asked.length;
    issuer.instead = instead;
    const soon = await status();
    later = 5_000;
    const again = await status();

    expect([...away, soon]).to.deep.equal([503, 503, 503, 503]);
    expect(attempts).to.equal(1);
    expect(again).to.equal(200);
  });

  it('that should never be published let nobody in who could not come anyway [Q3]', async () => {
    const k = Buffer.from('a secret that everybody can read').toString('base64url');
    const claims = goodClaims(issuer.issuer);
    const shown = { ...issuer.signing.privateKey.export({ format: 'jwk' }), kid: 'shown', use: 'sig' };
    issuer.answer.keys = () => ({ keys: [{ kty: 'oct', kid: 'k-1', k, alg: 'HS256' }, shown] });

    const bySecret = await status(hmacSigned({ alg: 'HS256', kid: 'k-1' }, claims, Buffer.from(k, 'base64url')));
    const confused = await status(issuer.token());
    const byShown = await status(signed({ alg: 'RS256', kid: 'shown' }, claims, newSigning('shown').privateKey));

    expect([bySecret, confused, byShown]).to.deep.equal([401, 401, 401]);
  });

  const bad: [string, (issuer: Issuer) => void][] = [
    [
      'calls itself another',
      (one) =>
        Object.assign(one.answer, { metadata: () => ({ issuer: `${one.issuer}/`, jwks_uri: `${one.issuer}/keys` }) }),
    ],
    [
      'has its keys where nothing is encrypted',
      (one) =>
        Object.assign(one.answer, { metadata: () => ({ issuer: one.issuer, jwks_uri: 'http://keys.example.com/' }) }),
    ],
    [
      'has its keys in a file',
      (one) => Object.assign(one.answer, { metadata: () => ({ issuer: one.issuer, jwks_uri: 'file:///etc/passwd' }) }),
    ],
    [
      'has its keys behind a name that only begins well',
      (one) =>
        Object.assign(one.answer, {
          metadata: () => ({ issuer: one.issuer, jwks_uri: 'http://127.0.0.1.evil.example/' }),
        }),
    ],
    [
      'says no JSON',
      (one) =>
        Object.assign(one, { instead: (response: import('node:http').ServerResponse) => response.end('<html>') }),
    ],
    [
      'leads elsewhere',
      (one) =>
        Object.assign(one, {
          instead: (response: import('node:http').ServerResponse) =>
            response.writeHead(302, { location: '/keys' }).end(),
        }),
    ],
    [
      'says a megabyte',
      (one) =>
        Object.assign(one, {
          instead: (response: import('node:http').ServerResponse) =>
            response.end(
              JSON.stringify({ issuer: one.issuer, jwks_uri: `${one.issuer}/keys`, x: 'x'.repeat(1_000_000) }),
            ),
        }),
    ],
    [
      'has a thousand keys',
      (one) =>
        Object.assign(one.answer, {
          keys: () => ({ keys: Array.from({ length: 1_000 }, () => published(one.signing)) }),
        }),
    ],
  ];
  for (const [what, spoil] of bad) {
    it(`are not taken from an issuer that ${what} [Q3]`, async () => {
      spoil(issuer);

      expect(await status()).to.equal(503);
    });
  }
});
