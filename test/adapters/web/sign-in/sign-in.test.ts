import { expect } from 'chai';
import { z } from 'zod';
import { browserName } from '../../../../adapters/web/sign-in/browser-name.ts';
import { sessionKind } from '../../../../adapters/web/sign-in/sessions.ts';
import { sha256Hex } from '../../../../lib/ids.ts';
import { openEvents } from '../event-stream.ts';
import { createJar, type Jar } from './jar.ts';
import { createSignInHouse, fromPage, type SignInHouse } from './sign-in-house.ts';

const HOUR = 3_600_000;
const ALICE = 'alice@example.com';
const BOB = 'bob@example.com';
const turn = { id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01', conversation: 'me', text: 'help' };

/** What some answer may hold. */
const Answer = z.looseObject({
  code: z.string().optional(),
  self: z.looseObject({ csrf: z.string() }).optional(),
  sessions: z.array(z.looseObject({ id: z.string(), here: z.boolean() })).optional(),
});

describe('signing in to the console', () => {
  let house: SignInHouse;

  beforeEach(async () => {
    house = await createSignInHouse();
  });
  afterEach(() => house.close());

  const api = async (jar: Jar, path: string, init?: RequestInit) => {
    const { response } = await jar.send(house.base + path, init);
    return { status: response.status, json: Answer.parse(await response.json()) };
  };
  const sessionOf = async (jar: Jar) => (await api(jar, '/api/session')).json;
  const csrfOf = async (jar: Jar) => (await sessionOf(jar)).self?.csrf ?? '';
  const secretOf = (jar: Jar) => jar.cookies(house.base).get('opsagent') ?? '';

  it('leads through the provider and back to where the person wanted to go [C3, E6]', async () => {
    const jar = createJar();

    const arrived = await house.signIn(jar, ALICE, `?to=${encodeURIComponent('/approvals/chg-1?tab=decided')}`);

    expect(arrived).to.equal(`${house.base}/#/approvals/chg-1?tab=decided`);
    const session = await sessionOf(jar);
    expect(session).to.deep.include({ signIn: 'oidc', region: 'eu-west-1' });
    expect(session.self).to.deep.include({ id: ALICE, name: 'Alice', roles: ['engineer'] });
    expect(session.self?.csrf).to.match(/^[\w-]{43}$/);
    expect(house.noted.map(({ type, actor }) => [type, actor?.person, actor?.auth])).to.deep.equal([
      ['signed_in', ALICE, 'oidc'],
    ]);
  });

  it('shows nothing of the house before [C3]', async () => {
    const paths = [
      '/api/approvals',
      '/api/audit',
      '/api/sessions',
      '/api/conversations/me/messages',
      '/api/audit/chain',
    ];

    const answers = await Promise.all(paths.map((path) => api(createJar(), path)));
    const stream = await openEvents(house.web.port, 'me', ALICE, house.base);

    expect(answers.map(({ status }) => status)).to.deep.equal(paths.map(() => 401));
    expect(stream.status).to.equal(401);
    expect(await sessionOf(createJar())).to.deep.equal({ signIn: 'oidc', mode: 'SANDBOX_LIVE' });
  });

  it('takes no word for who somebody is but the session [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE);

    const { json } = await api(jar, '/api/conversations/dm:bob@example.com/messages', {
      headers: { 'x-opsagent-person': BOB },
    });

    expect(json.code).to.equal('not_found');
  });

  it('makes turns of the person, with how and when they signed in [C3, A4]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE, '?fresh=1');

    const { status } = await api(jar, '/api/turns', fromPage(house.base, await csrfOf(jar), turn));

    expect(status).to.equal(200);
    const speaker = house.web.turns[0]?.speaker;
    expect(speaker).to.include({ channel: 'web', userId: ALICE, auth: 'oidc' });
    expect(Date.now() - (speaker?.signedInAt ?? 0)).to.be.within(0, 10_000);
  });

  it('keeps a cookie that no script reads, under a new secret with each sign-in [C3, E6]', async () => {
    const jar = createJar();
    const planted = 'A'.repeat(43);
    jar.cookies(house.base).set('opsagent', planted);

    await house.signIn(jar, ALICE);
    const first = secretOf(jar);
    await house.signIn(jar, ALICE);
    const second = secretOf(jar);

    expect(new Set([planted, first, second]).size).to.equal(3);
    for (const old of [planted, first])
      expect((await api(createJar(), '/api/sessions', { headers: { cookie: `opsagent=${old}` } })).status).to.equal(
        401,
      );
    expect(await house.store.get(sessionKind, second), 'the secret itself is nowhere').to.equal(undefined);
    expect((await house.store.get(sessionKind, sha256Hex(second)))?.value.person).to.equal(ALICE);
  });

  it('refuses somebody who is not on the list, and records it [C3, G2]', async () => {
    const jar = createJar();

    const arrived = await house.signIn(jar, 'mallory@example.com', '?to=/audit');

    expect(arrived).to.equal(`${house.base}/?sign_in=unknown-person#/audit`);
    expect(secretOf(jar)).to.equal('');
    expect(house.noted.map(({ type, rule, actor }) => [type, rule, actor?.user_id])).to.deep.equal([
      ['access_denied', 'allow-list', 'mallory@example.com'],
    ]);
  });

  const strange: [what: string, email: string, claims: Record<string, unknown>][] = [
    ['that the provider has not verified', ALICE, { email_verified: false }],
    ['that is said to be unverified in words', ALICE, { email_verified: 'false' }],
    ['with a letter that looks alike', 'аlice@example.com', {}],
    ['with a space behind it', `${ALICE} `, {}],
    ['that is no text', ALICE, { email: [ALICE] }],
    ['that is missing', ALICE, { email: undefined }],
  ];
  for (const [what, email, claims] of strange)
    it(`takes no address ${what} for a person [C3, G2]`, async () => {
      Object.assign(house.provider.claims, claims);
      const jar = createJar();

      const arrived = await house.signIn(jar, email);

      expect(arrived).to.equal(`${house.base}/?sign_in=unknown-person#/`);
      expect(secretOf(jar)).to.equal('');
    });

  it('asks the provider for the address where the token is thin [C3]', async () => {
    const thin = await createSignInHouse({ thick: false });
    const jar = createJar();

    const arrived = await thin.signIn(jar, ALICE);

    expect(arrived).to.equal(`${thin.base}/#/`);
    await thin.close();
  });

  it('says that somebody declined [C3]', async () => {
    const jar = createJar();
    const { url } = await jar.visit(`${house.base}/auth/sign-in`);

    const arrived = await jar.visit(url, { method: 'POST', body: new URLSearchParams({ decline: '1' }) });

    expect(arrived.url).to.equal(`${house.base}/?sign_in=declined#/`);
  });

  it('ends on the server when somebody signs out, and the cookie is worth nothing [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE);
    const csrf = await csrfOf(jar);
    const cookie = `opsagent=${secretOf(jar)}`;
    const stream = await openEvents(house.web.port, 'me', '', house.base, cookie);

    const out = await api(jar, '/auth/sign-out', fromPage(house.base, csrf, {}));
    const after = await api(createJar(), '/api/approvals', { headers: { cookie } });

    expect([out.status, after.status]).to.deep.equal([200, 401]);
    expect(secretOf(jar), 'the browser forgot it').to.equal('');
    await stream.ended;
    expect(house.noted.at(-1)).to.deep.include({ type: 'signed_out', summary: 'Signed out of the console' });
  });

  it('ends twelve hours after the sign-in, and after eight without a request [C3]', async () => {
    const busy = createJar();
    const idle = createJar();
    await house.signIn(busy, ALICE);
    await house.signIn(idle, ALICE);

    house.pass(4 * HOUR);
    const first = await api(busy, '/api/approvals');
    house.pass(5 * HOUR);
    const later = [await api(busy, '/api/approvals'), await api(idle, '/api/approvals')];
    house.pass(3 * HOUR);
    const last = await api(busy, '/api/approvals');

    expect([first, ...later, last].map(({ status }) => status)).to.deep.equal([200, 200, 401, 401]);
  });

  it('is lost at once by whoever is taken off the list, an open event stream too [C3, G2]', async () => {
    const jar = createJar();
    await house.signIn(jar, ALICE);
    const stream = await openEvents(house.web.port, 'me', '', house.base, `opsagent=${secretOf(jar)}`);
    const [gone] = house.people.splice(0, 1);

    house.web.web.notifyApprovals();
    const answer = await api(jar, '/api/approvals');

    await stream.ended;
    expect(stream.seen).to.deep.equal([]);
    expect(answer.status).to.equal(401);
    if (gone) house.people.push(gone);
    expect((await api(jar, '/api/approvals')).status, 'put back on the list').to.equal(401);
  });

  it('lists one’s own sessions and no others, and ends one of them [C3]', async () => {
    const [here, there, other] = [createJar(), createJar(), createJar()];
    await house.signIn(here, ALICE);
    await house.signIn(there, ALICE);
    await house.signIn(other, BOB);
    const csrf = await csrfOf(here);
    const { sessions = [] } = (await api(here, '/api/sessions')).json;
    const { sessions: theirs = [] } = (await api(other, '/api/sessions')).json;

    const end = (id = '') => api(here, '/api/sessions/end', fromPage(house.base, csrf, { id }));
    const answers = [await end(sessions.find((one) => !one.here)?.id), await end(theirs[0]?.id), await end('x')];

    expect(sessions.map(({ here: own }) => own).sort()).to.deep.equal([false, true]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 404, 400]);
    expect((await api(there, '/api/approvals')).status).to.equal(401);
    expect((await api(other, '/api/approvals')).status).to.equal(200);
    expect(house.noted.at(-1)).to.include({ summary: 'Ended another session of their own' });
  });

  it('knows browsers by a short name', () => {
    const agents = [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 Version/18 Safari/605.1',
      'curl/8',
    ];

    expect(agents.map(browserName)).to.deep.equal(['Chrome on Linux', 'Edge on Windows', 'Safari on Mac', 'A browser']);
  });
});
