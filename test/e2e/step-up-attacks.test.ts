import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { known } from '../../tools/aws/simulated/known.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../adapters/web/sign-in/identity-provider.ts';
import { createJar, type Jar } from '../adapters/web/sign-in/jar.ts';
import { freePort, fromPage } from '../adapters/web/sign-in/sign-in-house.ts';
import { BOB, DAVE, ERIN, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

const Session = z.looseObject({ self: z.looseObject({ id: z.string(), csrf: z.string() }) });
const Shown = z.looseObject({
  view: z.looseObject({
    state: z.string(),
    votes: z.array(z.looseObject({ person: z.string() })),
    actions: z.array(z.looseObject({ digest: z.string().optional() })).default([]),
  }),
});

/** The whole program and a real provider; the browsers are cookies and nothing else. */
describe('opsagent serve, and sign-ins that are misused', function () {
  this.timeout(60_000);
  let provider: IdentityProvider;
  let house: Installation;
  let server: Serving;
  let base: string;

  before(async () => {
    const port = await freePort();
    base = `http://localhost:${port}`;
    provider = await startIdentityProvider({ redirectUris: [`${base}/auth/callback`] });
    house = install({ PORT: String(port), OIDC_ISSUER: provider.issuer });
    Object.assign(house.env, { OIDC_CLIENT_ID: CLIENT.clientId, OIDC_CLIENT_SECRET: CLIENT.clientSecret });
    server = await serveIn(house);
  });
  after(async () => {
    server.signal('SIGTERM');
    await server.ended;
    await provider.close();
    house.remove();
  });

  async function signIn(email: string, query = '', jar = createJar()): Promise<{ jar: Jar; csrf: string; at: string }> {
    jar.cookies(provider.issuer).clear();
    const asked = await jar.visit(`${base}/auth/sign-in${query}`);
    const { url: at } = await jar.visit(asked.url, { method: 'POST', body: new URLSearchParams({ email }) });
    const session = Session.safeParse(await (await jar.send(`${base}/api/session`)).response.json());
    return { jar, csrf: session.data?.self.csrf ?? '', at };
  }
  const propose = async (): Promise<string> =>
    (await house.ask(`reboot ${known.productionInstance} because it hangs`)).approval_id ?? '';
  async function shown(jar: Jar, id: string) {
    return Shown.parse(await (await jar.send(`${base}/api/approvals/${id}`)).response.json()).view;
  }
  async function approve(
    { jar, csrf }: { jar: Jar; csrf: string },
    approvalId: string,
    digest: string,
    id = randomUUID(),
  ) {
    const decision = { verdict: 'approve', approvalId, digest };
    const sent = await jar.send(`${base}/api/turns`, fromPage(base, csrf, { id, conversation: 'me', decision }));
    return { status: sent.status, body: (await sent.response.json()) as { outcome?: string; text?: string } };
  }
  const digestOf = ({ actions }: { actions: { digest?: string }[] }) =>
    actions.find(({ digest }) => digest !== undefined)?.digest ?? '';
  const withdraw = (id: string) => house.ask(`cancel ${id}`);

  it('counts a fresh sign-in for its person, the plan that was shown, and once [C3, G4, G5]', async () => {
    const id = await propose();
    const bob = await signIn(BOB, '?fresh=1');
    const digest = digestOf(await shown(bob.jar, id));

    const other = await approve(bob, id, 'f'.repeat(64));
    const before = await shown(bob.jar, id);
    const turnId = randomUUID();
    const first = await approve(bob, id, digest, turnId);
    const replayed = [await approve(bob, id, digest, turnId), await approve(bob, id, digest)];
    const elsewhere = await house.ask(`approve ${id}`, { as: BOB });
    const after = await shown(bob.jar, id);

    expect(other.body.outcome).to.equal('denied');
    expect(before.votes).to.deep.equal([]);
    expect(first.body.outcome).to.equal('pending');
    expect(replayed.every(({ status }) => status === 200)).to.equal(true);
    expect(elsewhere.outcome).to.equal('denied');
    expect(after).to.include({ state: 'pending' });
    expect(after.votes.map(({ person }) => person)).to.have.length(1);
    await withdraw(id);
  });

  it('signs nobody in by the link of another, by a link for another place, or twice by one answer [C3, E6]', async () => {
    const id = await propose();
    const { text } = await house.ask(`approve ${id}`, { as: BOB });
    const token = new URL(/http:\/\/localhost:\S+/.exec(text)?.[0] ?? '').searchParams.get('step_up') ?? '';
    const [body = '', signature = ''] = token.split('.');
    const said = Buffer.from(body, 'base64url').toString('utf8');
    const forged = (from: string, to: string) =>
      `${Buffer.from(said.replace(from, to)).toString('base64url')}.${signature}`;

    const other = await signIn(ERIN, `?step_up=${token}`);
    const changed = await Promise.all(
      [
        forged(BOB, ERIN),
        forged(id, 'chg-000000000000'),
        `${token}.`,
        token.slice(1),
        `${token}&step_up=${token}x`,
        '%00',
        '',
      ].map((one) => createJar().send(`${base}/auth/sign-in?step_up=${one}`)),
    );

    expect(token).not.to.equal('');
    expect(other.at).to.contain('sign_in=other-person');
    expect(other.csrf).to.equal('');
    const began = changed.map(({ location = '' }) => !location.startsWith(base));
    // The first of two counts, as everywhere; it is the right one here.
    expect(began).to.deep.equal([false, false, false, false, true, false, false]);
    await withdraw(id);
  });

  it('sends people back to its own name, whatever name a proxy or a sender claims [C3, E6]', async () => {
    const claims: Record<string, string>[] = [
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
      { 'x-original-url': '/auth/sign-out', 'x-rewrite-url': '/auth/sign-out' },
      { 'x-http-method-override': 'POST' },
      { referer: 'https://evil.example/' },
    ];

    for (const headers of claims) {
      const { location = '' } = await createJar().send(`${base}/auth/sign-in`, { headers });
      expect(new URL(location).searchParams.get('redirect_uri')).to.equal(`${base}/auth/callback`);
    }
  });

  it('knows a session that was planted before or tossed by a neighbour for nobody’s [C3, E6]', async () => {
    const mallory = await signIn(DAVE);
    const planted = mallory.jar.cookies(base).get('opsagent') ?? '';
    const victim = createJar();
    victim.cookies(base).set('opsagent', planted);

    const { jar, csrf } = await signIn(BOB, '', victim);
    const own = jar.cookies(base).get('opsagent') ?? '';
    const turn = { id: randomUUID(), conversation: 'me', text: 'help' };
    const crossed = await mallory.jar.send(`${base}/api/turns`, fromPage(base, csrf, turn));
    const asMallory = await createJar().send(`${base}/api/session`, { headers: { cookie: `opsagent=${planted}` } });
    const tossed = await createJar().send(`${base}/api/approvals`, {
      headers: { cookie: `opsagent=${planted}; opsagent=${own}` },
    });

    expect(own).not.to.equal(planted);
    expect(crossed.status).to.be.oneOf([401, 403]);
    expect(await asMallory.response.text()).not.to.contain(BOB);
    expect(tossed.status).to.equal(401);
  });

  it('either counts a yes or ends the session first, when both come at once, and never answers with a fault [C3, G8]', async () => {
    const became: Record<string, number> = {};
    for (let round = 0; round < 4; round += 1) {
      const id = await propose();
      const bob = await signIn(BOB, '?fresh=1');
      const digest = digestOf(await shown(bob.jar, id));
      const cookie = `opsagent=${bob.jar.cookies(base).get('opsagent')}`;

      const [decided, left] = await Promise.all([
        approve(bob, id, digest),
        bob.jar.send(`${base}/auth/sign-out`, fromPage(base, bob.csrf, {})),
      ]);
      const late = await createJar().send(
        `${base}/api/turns`,
        (() => {
          const init = fromPage(base, bob.csrf, { id: randomUUID(), conversation: 'me', text: `approve ${id}` });
          return { ...init, headers: { ...init.headers, cookie } };
        })(),
      );
      const erin = await signIn(ERIN);
      const { votes } = await shown(erin.jar, id);

      expect([decided.status, left.status].every((status) => status === 200 || status === 401)).to.equal(true);
      expect(votes).to.have.length(decided.status === 200 ? 1 : 0);
      expect(late.status, 'the session is over').to.equal(401);
      became[decided.status] = (became[decided.status] ?? 0) + 1;
      await withdraw(id);
    }
    expect(Object.values(became).reduce((sum, times) => sum + times, 0)).to.equal(4);
  });
});
