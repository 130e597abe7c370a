import { expect } from 'chai';
import { z } from 'zod';
import { createJar, type Jar } from './jar.ts';
import { createSignInHouse, type SignInHouse } from './sign-in-house.ts';

const ALICE = 'alice@example.com';
const BOB = 'bob@example.com';
const MINUTE = 60_000;
const change = { id: 'chg-0123456789ab', digest: 'd'.repeat(64) };

const Session = z.looseObject({
  self: z.looseObject({
    id: z.string(),
    stepUp: z.strictObject({ risks: z.array(z.string()), until: z.string().optional() }),
  }),
});

describe('a step-up in the console', () => {
  let house: SignInHouse;
  let token: string;

  beforeEach(async () => {
    house = await createSignInHouse();
    token = await tokenFor(BOB);
  });
  afterEach(() => house.close());

  const tokenFor = async (person: string) =>
    new URL((await house.stepUp.link(person, change)) ?? '').searchParams.get('step_up') ?? '';
  /** Somebody else takes the seat: the provider asks before it changes its person. */
  const leaveProvider = (jar: Jar) => jar.cookies(house.provider.issuer).clear();
  const selfOf = async (jar: Jar) =>
    Session.parse(await (await jar.send(`${house.base}/api/session`)).response.json()).self;

  it('begins with a link that opens the page and does nothing else, whoever opens it [C3, E5]', async () => {
    const link = (await house.stepUp.link(BOB, change)) ?? '';

    const { status, location, response } = await createJar().send(link);

    expect(status).to.equal(303);
    expect(location).to.equal(link.replace('/approvals/', '/#/approvals/'));
    expect(response.headers.getSetCookie()).to.deep.equal([]);
  });

  it('asks the provider for the password of that person, signed in there or not [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, BOB);

    const { location = '' } = await jar.send(`${house.base}/auth/sign-in?step_up=${token}`);
    const asked = new URL(location).searchParams;
    const arrived = await house.signIn(jar, BOB, `?step_up=${token}&to=/audit`);

    expect(Object.fromEntries(asked)).to.include({ prompt: 'login', max_age: '300', login_hint: BOB });
    expect(arrived).to.equal(`${house.base}/#/approvals/${change.id}`);
    expect(Date.parse((await selfOf(jar)).stepUp.until ?? '')).to.be.within(
      Date.now() + 4 * MINUTE,
      Date.now() + 5 * MINUTE,
    );
  });

  it('tells another person that the link is not theirs, and signs nobody in [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, BOB);
    const before = await selfOf(jar);
    leaveProvider(jar);

    const arrived = await house.signIn(jar, ALICE, `?step_up=${token}`);

    expect(arrived).to.equal(`${house.base}/?sign_in=other-person#/approvals/${change.id}`);
    expect(await selfOf(jar), 'the session there was stays').to.deep.equal(before);
  });

  it('ends with its five minutes: the session goes on, a yes does not count [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, BOB, `?step_up=${token}`);

    house.pass(6 * MINUTE);
    const self = await selfOf(jar);

    expect(self.id).to.equal(BOB);
    expect(self.stepUp).to.deep.equal({ risks: ['high', 'critical'] });
  });

  it('takes no link that is too old or was changed [C3]', async () => {
    const jar = createJar();
    const changed = await jar.send(`${house.base}/auth/sign-in?step_up=${token.slice(0, -6)}AAAAAA`);
    house.pass(5 * MINUTE);

    const old = await jar.send(`${house.base}/auth/sign-in?step_up=${token}`);

    for (const { location } of [changed, old]) expect(location).to.equal(`${house.base}/?sign_in=link-over#/`);
  });

  it('takes no sign-in for fresh of which the provider does not say when it was [C3]', async () => {
    const silent = await createSignInHouse();
    const jar = createJar();
    const asked = await jar.visit(`${silent.base}/auth/sign-in?fresh=1`);
    // As a person could who wants to be asked nothing: the parameters are taken out on the way.
    const { location = '' } = await jar.send(`${silent.base}/auth/sign-in?fresh=1&to=/audit`);
    const tamed = new URL(location);
    tamed.searchParams.delete('max_age');
    tamed.searchParams.delete('prompt');
    const page = await jar.visit(tamed.href);
    const arrived = await jar.visit(page.url, { method: 'POST', body: new URLSearchParams({ email: BOB }) });

    expect(asked.url).to.contain('/interaction/');
    expect(arrived.url).to.equal(`${silent.base}/?sign_in=not-fresh#/audit`);
    await silent.close();
  });

  it('is for whoever is signed in when they ask for it on the page [C3]', async () => {
    const jar = createJar();
    await house.signIn(jar, BOB);
    leaveProvider(jar);

    const other = await house.signIn(jar, ALICE, '?fresh=1&to=/approvals/chg-1');
    leaveProvider(jar);
    const same = await house.signIn(jar, BOB, '?fresh=1&to=/approvals/chg-1');
    leaveProvider(jar);
    const changed = await house.signIn(jar, ALICE, '?fresh=1&as=another');

    expect(other).to.equal(`${house.base}/?sign_in=other-person#/approvals/chg-1`);
    expect(same).to.equal(`${house.base}/#/approvals/chg-1`);
    expect(changed).to.equal(`${house.base}/#/`);
  });
});
