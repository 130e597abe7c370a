import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readEndpoints } from '../../../adapters/qbusiness/oauth-endpoints.ts';
import { silentLog } from '../../../lib/log.ts';
import { movableClock } from '../../store/movable-clock.ts';

const HOUR = 3_600_000;

describe('the OAuth endpoints of the document', () => {
  let provider: Server;
  let issuer: string;
  let asked: string[];
  let metadata: object;
  let padding: string;

  beforeEach(async () => {
    asked = [];
    padding = '';
    provider = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(`${JSON.stringify(metadata)}${padding}`);
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/realm`;
    metadata = {
      issuer,
      authorization_endpoint: 'https://id.example.com/oauth2/auth',
      token_endpoint: 'https://id.example.com/oauth2/token',
    };
  });

  afterEach(() => provider.close());

  it('are those of the provider’s own metadata, asked for once an hour [Q2]', async () => {
    const { clock, setNow } = movableClock(0);
    const read = readEndpoints(issuer, { clock, log: silentLog });

    const first = await read();
    await read();
    setNow(2 * HOUR);
    await read();

    expect(first).to.deep.equal({
      authorizationUrl: 'https://id.example.com/oauth2/auth',
      tokenUrl: 'https://id.example.com/oauth2/token',
    });
    expect(asked).to.deep.equal(Array(2).fill('/realm/.well-known/openid-configuration'));
  });

  it('are the usual ones while the provider says nothing that can be used, and its own as soon as it does [Q2]', async () => {
    const { clock, setNow } = movableClock(0);
    const read = readEndpoints(issuer, { clock, log: silentLog });
    const right = metadata;
    const usual = [];
    for (const [at, wrong] of [
      { token_endpoint: undefined },
      { token_endpoint: 'javascript:alert(1)' },
      { authorization_endpoint: 'http://id.example.com/oauth2/auth' },
      { issuer: 'https://other.example.com' },
    ].entries()) {
      metadata = { ...right, ...wrong };
      setNow(at * 60_000);
      usual.push(await read());
    }
    metadata = right;
    padding = ' '.repeat(300_000);
    setNow(HOUR / 4);
    usual.push(await read());
    padding = '';
    setNow(HOUR / 2);
    const later = await read();

    const guessed = { authorizationUrl: `${issuer}/authorize`, tokenUrl: `${issuer}/token` };
    expect(usual).to.deep.equal(Array(5).fill(guessed));
    expect(later.tokenUrl).to.equal('https://id.example.com/oauth2/token');
  });

  it('are asked for once, however many want the document at once [Q2, E9]', async () => {
    const read = readEndpoints(issuer, { clock: movableClock(0).clock, log: silentLog });

    await Promise.all(Array.from({ length: 50 }, read));

    expect(asked).to.have.length(1);
  });

  it('are never what leads elsewhere, is too much, or is no address of the web [Q2, E9]', async () => {
    const right = metadata;
    const wrong: object[] = [
      { ...right, x: 'x'.repeat(300 * 1024) },
      { ...right, authorization_endpoint: 'javascript:alert(1)' },
      { ...right, token_endpoint: 'file:///etc/passwd' },
    ];

    for (const one of wrong) {
      metadata = one;
      const { authorizationUrl } = await readEndpoints(issuer, { clock: movableClock(0).clock, log: silentLog })();
      expect(authorizationUrl).to.equal(`${issuer}/authorize`);
    }
  });
});
