import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { MOST_A_MINUTE } from '../../../../adapters/web/sign-in/attempts.ts';
import { ownPath } from '../../../../adapters/web/sign-in/own-path.ts';
import { send } from '../web-harness.ts';
import { createJar, type Jar } from './jar.ts';
import { createSignInHouse, fromPage, type SignInHouse } from './sign-in-house.ts';

const ALICE = 'alice@example.com';
const turn = { id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01', conversation: 'me', text: 'help' };

describe('attacks on signing in', () => {
  let house: SignInHouse;

  before(async () => {
    house = await createSignInHouse();
  });
  after(() => house.close());

  const secretOf = (jar: Jar) => jar.cookies(house.base).get('opsagent');
  const csrfOf = async (jar: Jar) => {
    const { response } = await jar.send(`${house.base}/api/session`);
    return z.looseObject({ self: z.looseObject({ csrf: z.string() }) }).parse(await response.json()).self.csrf;
  };

  /** Up to the moment at which the provider sends the browser back. */
  async function almostBack(jar: Jar, email = ALICE): Promise<URL> {
    const asked = await jar.visit(`${house.base}/auth/sign-in`);
    let sent = await jar.send(asked.url, { method: 'POST', body: new URLSearchParams({ email }) });
    while (sent.location && !sent.location.startsWith(house.base)) sent = await jar.send(sent.location);
    return new URL(sent.location ?? '');
  }

  it('sends PKCE, state and nonce that nobody can guess, and none of the secret [C3, E6]', async () => {
    const jar = createJar();

    const { status, location = '', response } = await jar.send(`${house.base}/auth/sign-in`);

    const { searchParams } = new URL(location);
    expect(status).to.equal(303);
    expect(Object.fromEntries(searchParams)).to.include({
      ...{ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email', client_id: 'console' },
      redirect_uri: `${house.base}/auth/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(searchParams.get(name), name).to.match(/^[\w-]{43}$/);
    expect(response.headers.getSetCookie()).to.have.length(1);
    expect(response.headers.getSetCookie()[0]).to.match(
      /^opsagent-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  const tampered: Record<string, (back: URL, jar: Jar) => void> = {
    'another state': (back) => back.searchParams.set('state', 'A'.repeat(43)),
    'no state': (back) => back.searchParams.delete('state'),
    'the state twice': (back) => back.searchParams.append('state', 'A'.repeat(43)),
    'another code': (back) => back.searchParams.set('code', 'A'.repeat(43)),
    'no code': (back) => back.searchParams.delete('code'),
    'another issuer': (back) => back.searchParams.set('iss', 'https://evil.example'),
    'an error of its own': (back) => back.searchParams.set('error', 'access_denied'),
    'no cookie of the browser it began in': (_back, jar) => jar.cookies(house.base).clear(),
    'the cookie of another': (_back, jar) => jar.cookies(house.base).set('opsagent-sign-in', 'A'.repeat(43)),
  };
  for (const [what, change] of Object.entries(tampered))
    it(`signs nobody in who comes back with ${what} [C3, E6]`, async () => {
      const jar = createJar();
      const back = await almostBack(jar);
      change(back, jar);

      const { location } = await jar.send(back.href);

      expect(location).to.match(/\/\?sign_in=(again|refused|declined)#\/$/);
      expect(secretOf(jar)).to.equal(undefined);
    });

  for (const name of ['nonce', 'code_challenge', 'redirect_uri'])
    it(`signs nobody in whose ${name} was changed on the way to the provider [C3, E6]`, async () => {
      const jar = createJar();
      const { location = '' } = await jar.send(`${house.base}/auth/sign-in`);
      const changed = new URL(location);
      changed.searchParams.set(name, name === 'redirect_uri' ? 'https://evil.example/' : 'A'.repeat(43));

      const asked = await jar.visit(changed.href);
      const arrived = asked.url.includes('/interaction/')
        ? await jar.visit(asked.url, { method: 'POST', body: new URLSearchParams({ email: ALICE }) })
        : asked;

      const stays = name === 'redirect_uri' ? house.provider.issuer : `${house.base}/?sign_in=refused`;
      expect(arrived.url.startsWith(stays), arrived.url).to.equal(true);
      expect(secretOf(jar)).to.equal(undefined);
    });

  it('signs nobody in by the code of another browser [C3, E6]', async () => {
    const [attacker, victim] = [createJar(), createJar()];
    const theirs = await almostBack(attacker, 'bob@example.com');
    const own = await almostBack(victim);
    const mixed = new URL(own);
    mixed.searchParams.set('code', theirs.searchParams.get('code') ?? '');

    const whole = await victim.send(theirs.href);
    const half = await victim.send(mixed.href);

    expect(whole.location).to.equal(`${house.base}/?sign_in=again#/`);
    expect(half.location).to.equal(`${house.base}/?sign_in=refused#/`);
    expect(secretOf(victim)).to.equal(undefined);
  });

  it('takes each answer of the provider once [C3, E6]', async () => {
    const jar = createJar();
    const back = await almostBack(jar);
    const cookie = `opsagent-sign-in=${jar.cookies(house.base).get('opsagent-sign-in')}`;

    const answers = await Promise.all([1, 2, 3].map(() => jar.send(back.href, { headers: { cookie } })));

    const places = answers.map(({ location }) => location?.replace(house.base, ''));
    expect(places.filter((place) => place === '/#/')).to.have.length(1);
    expect(places.filter((place) => place === '/?sign_in=again#/')).to.have.length(2);
  });

  it('begins so many sign-ins in a minute and no more: each leaves a row for a while [C3, E6]', async () => {
    const flooded = await createSignInHouse();
    const begin = async () => (await createJar().send(`${flooded.base}/auth/sign-in`)).location ?? '';
    const before = flooded.written.length;

    const places = await Promise.all(Array.from({ length: MOST_A_MINUTE + 20 }, begin));
    flooded.pass(60_000);
    const later = await begin();

    expect(places.filter((place) => place === `${flooded.base}/?sign_in=busy#/`)).to.have.length(20);
    expect(flooded.written.length - before).to.equal(MOST_A_MINUTE + 1);
    expect(later).to.contain(flooded.provider.issuer);
    await flooded.close();
  }).timeout(20_000);

  it('lets nobody finish after ten minutes [C3, E6]', async () => {
    const late = await createSignInHouse();
    const jar = createJar();
    const asked = await jar.visit(`${late.base}/auth/sign-in`);

    late.pass(10 * 60_000);
    const { url } = await jar.visit(asked.url, { method: 'POST', body: new URLSearchParams({ email: ALICE }) });

    expect(url).to.equal(`${late.base}/?sign_in=again#/`);
    await late.close();
  });

  const elsewhere = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2f/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\r\nset-cookie: a=b',
    '/\u0000',
    '/é',
    ' /x',
    '',
    `/${'x'.repeat(600)}`,
    '@evil.example',
    '/@evil.example',
    '/.evil.example',
    '?x',
    '#x',
  ];
  for (const to of elsewhere)
    it(`leads back into its own console whatever it is asked: ${JSON.stringify(to).slice(0, 40)} [C3, E6]`, async () => {
      const jar = createJar();

      const arrived = new URL(await house.signIn(jar, ALICE, `?to=${encodeURIComponent(to)}`));

      expect([arrived.origin, arrived.pathname, arrived.search]).to.deep.equal([house.base, '/', '']);
    });

  it('keeps every path that it takes behind the console’s own address [E6]', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const to = ownPath(text);
        const url = new URL(`/#${to}`, 'https://ops.example.com');
        return url.origin === 'https://ops.example.com' && url.pathname === '/' && /^\/[\x21-\x7e]*$/.test(to);
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing on what the page itself did not send [C3, E6]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE);
    const csrf = await csrfOf(jar);
    const good = new Headers(fromPage(house.base, csrf, turn).headers);
    const without = (name: string, value?: string) => {
      const headers = new Headers(good);
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
      return headers;
    };
    const forged = {
      'no token': without('x-csrf-token'),
      'an empty token': without('x-csrf-token', ''),
      'the token of another session': without('x-csrf-token', 'A'.repeat(43)),
      'no origin': without('origin'),
      'the origin null': without('origin', 'null'),
      'another site': without('origin', 'https://evil.example'),
      'a sibling port': without('origin', house.base.replace(/\d+$/, '1')),
      'a subdomain': without('origin', house.base.replace('//', '//x.')),
      'https instead of http': without('origin', house.base.replace('http:', 'https:')),
      'fetched by another site': without('sec-fetch-site', 'cross-site'),
      'fetched by a sibling': without('sec-fetch-site', 'same-site'),
    };
    const before = house.web.turns.length;

    const statuses: Record<string, number> = {};
    for (const [what, headers] of Object.entries(forged))
      for (const path of ['/api/turns', '/auth/sign-out', '/api/sessions/end'])
        statuses[`${what} ${path}`] = (
          await jar.send(house.base + path, { method: 'POST', headers, body: JSON.stringify(turn) })
        ).status;

    expect([...new Set(Object.values(statuses))]).to.deep.equal([403]);
    expect(house.web.turns).to.have.length(before);
    expect((await jar.send(`${house.base}/api/approvals`)).status, 'still signed in').to.equal(200);
  });

  it('takes no cookie that is sent twice: one of them was planted [E6]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE);
    const own = `opsagent=${secretOf(jar)}`;

    const answers = [`${own}; opsagent=${'A'.repeat(43)}`, `opsagent=${'A'.repeat(43)}; ${own}`].map((cookie) =>
      createJar().send(`${house.base}/api/approvals`, { headers: { cookie } }),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).to.deep.equal([401, 401]);
  });

  const routes = [
    '/',
    '/api/approvals/',
    '/api/conversations/',
    '/api/audit/',
    '/api/sessions/',
    '/approvals/',
    '/auth/',
    '/assets/',
    '/auth/callback/',
    '/health/',
  ];
  const climbs = [
    '..%2f..%2fetc%2fpasswd',
    '..%2F',
    '%2e%2e%2fetc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    '../../etc/passwd',
    '..;/etc/passwd',
    '%252e%252e%252fetc%252fpasswd',
    '..%5c..%5cwindows',
    '..\\..\\windows',
    'x%00.html',
    '%00',
    '%c0%ae%c0%ae/',
    '%ff',
    '.%00./',
    './.git/config',
    '.env',
    '$HOME/.aws/credentials',
    '~/.ssh/id_rsa',
    'file:%2f%2f%2fetc/passwd',
    '%2fetc%2fpasswd',
    '..%u2215etc',
  ];
  for (const route of routes)
    it(`finds nothing outside of ${route} [E7]`, async () => {
      const jar = createJar();
      await house.signIn(jar, ALICE);
      const headers = { host: new URL(house.base).host, cookie: `opsagent=${secretOf(jar)}` };

      const answers = await Promise.all(climbs.map((climb) => send(house.web.port, { path: route + climb, headers })));

      const found = answers.flatMap(({ status }, at) =>
        [400, 404].includes(status) ? [] : [`${climbs[at]} ${status}`],
      );
      expect(found).to.deep.equal([]);
    });
});
