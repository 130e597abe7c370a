import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createProvider } from '../../../../adapters/web/sign-in/provider.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { signInCheck } from '../../../../main/readiness-sign-in.ts';
import { CLIENT, startIdentityProvider } from './identity-provider.ts';
import { createJar } from './jar.ts';
import { createSignInHouse, freePort, type SignInHouse } from './sign-in-house.ts';

const ALICE = 'alice@example.com';

async function listen(
  answer: RequestListener,
  port = 0,
): Promise<{ server: Server; issuer: string; stop(): Promise<void> }> {
  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { server, issuer, stop };
}

/** Everything a provider says of itself. */
const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

describe('a sign-in service in trouble', function () {
  this.timeout(20_000);
  let house: SignInHouse | undefined;
  let stop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await house?.close();
    await stop?.();
    house = undefined;
    stop = undefined;
  });

  const begun = async (issuer: string): Promise<string | undefined> => {
    house = await createSignInHouse({ issuer });
    const { location } = await createJar().send(`${house.base}/auth/sign-in?to=/audit`);
    return location?.replace(house.base, '');
  };

  it('is told as away when nothing listens there [C3]', async () => {
    const place = await begun(`http://localhost:${await freePort()}`);

    expect(place).to.equal('/?sign_in=away#/audit');
  });

  it('is told as away within a few seconds when it takes the request and says nothing [C3]', async () => {
    const silent = await listen(() => {});
    stop = silent.stop;
    const started = performance.now();

    const place = await begun(silent.issuer);

    expect(place).to.equal('/?sign_in=away#/audit');
    expect(performance.now() - started).to.be.below(8_000);
  });

  it('is told as away when it answers with a fault of its own [C3]', async () => {
    const broken = await listen((_request, response) => response.writeHead(503).end());
    stop = broken.stop;

    expect(await begun(broken.issuer)).to.equal('/?sign_in=away#/audit');
  });

  it('is not trusted when it calls itself by another name, or speaks nonsense [C3]', async () => {
    const others = [
      (own: string) => JSON.stringify(metadata(own.replace('localhost', 'evil.example'))),
      (own: string) => JSON.stringify(metadata(`${own}/`)),
      () => '{"issuer":',
      () => '<html>',
    ];
    for (const says of others) {
      const strange = await listen((_request, response) =>
        response.setHeader('content-type', 'application/json').end(says(strange.issuer)),
      );

      const place = await begun(strange.issuer);

      expect(place).to.equal('/?sign_in=refused#/audit');
      await house?.close();
      await strange.stop();
    }
    house = undefined;
  });

  it('is asked again by the next person, once it is back [C3]', async () => {
    const port = await freePort();
    house = await createSignInHouse({ issuer: `http://localhost:${port}` });
    const first = await createJar().send(`${house.base}/auth/sign-in`);
    const back = await startIdentityProvider({ redirectUris: [`${house.base}/auth/callback`], port });
    stop = back.close;

    const arrived = await house.signIn(createJar(), ALICE);

    expect(first.location).to.equal(`${house.base}/?sign_in=away#/`);
    expect(arrived).to.equal(`${house.base}/#/`);
  });

  it('may change its keys at any time [C3]', async () => {
    house = await createSignInHouse();
    const before = await house.signIn(createJar(), ALICE);
    await house.provider.rotate();

    const after = await house.signIn(createJar(), ALICE);

    expect([before, after]).to.deep.equal([`${house.base}/#/`, `${house.base}/#/`]);
  });

  it('may be lost between the start of a sign-in and its end [C3]', async () => {
    house = await createSignInHouse();
    const jar = createJar();
    const asked = await jar.visit(`${house.base}/auth/sign-in?to=/audit`);
    let sent = await jar.send(asked.url, { method: 'POST', body: new URLSearchParams({ email: ALICE }) });
    while (sent.location && !sent.location.startsWith(house.base)) sent = await jar.send(sent.location);
    await house.provider.close();

    const { location } = await jar.send(sent.location ?? '');

    expect(location).to.equal(`${house.base}/?sign_in=away#/audit`);
    const gone = { close: async () => {} };
    Object.assign(house.provider, gone);
  });

  it('is named by readiness, with the repair [O3, C3]', async () => {
    const provider = await startIdentityProvider({ redirectUris: ['http://localhost:1/auth/callback'] });
    const strange = await listen((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata('https://evil.example'))),
    );
    stop = async () => void (await Promise.all([provider.close(), strange.stop()]));

    const issuers = [provider.issuer, `http://localhost:${await freePort()}`, strange.issuer];
    const seen = await Promise.all(issuers.map((issuer) => signInCheck({ ...CLIENT, issuer }, systemClock)));

    expect(seen.map(({ status }) => status)).to.deep.equal(['ok', 'fail', 'fail']);
    expect(seen[1]).to.have.property('repair').that.contains('the network');
    expect(seen[2]).to.have.property('repair').that.contains('to the letter');
  });

  it('is asked for its addresses once by many who come together [C3]', async () => {
    let asked = 0;
    const counted = await listen((_request, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata(counted.issuer)));
    });
    stop = counted.stop;
    const provider = createProvider({ ...CLIENT, issuer: counted.issuer }, systemClock);
    const ties = await provider.ties();
    const address = () => provider.address({ ...ties, redirectUri: 'http://localhost:1/auth/callback', fresh: false });

    await Promise.all(Array.from({ length: 20 }, address));

    expect(asked).to.equal(1);
  });
});
