import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContext, chromium as browserType, type Page } from 'playwright-core';
import { known } from '../../tools/aws/simulated/known.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../adapters/web/sign-in/identity-provider.ts';
import { freePort } from '../adapters/web/sign-in/sign-in-house.ts';
import { chromium } from '../peers/peers.ts';
import { ALICE, BOB, childEnv, DAVE, ERIN, type Installation, install, MAIN } from './opsagent.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
/** Set to a folder to keep pictures for a person to look at. */
const PICTURES = process.env.PICTURES;

/** The real program, a real provider and a real browser; each person has a browser of their own. */
describe('signing in, in a browser', function () {
  this.timeout(60_000);
  let home: Installation;
  let server: ChildProcess;
  let provider: IdentityProvider;
  let browser: Browser;
  let base: string;
  /** Another server on the same machine, with pages that mean harm. */
  let evil: Server;

  before(async function () {
    const executablePath = chromium(this);
    const port = await freePort();
    base = `http://localhost:${port}`;
    provider = await startIdentityProvider({ redirectUris: [`${base}/auth/callback`] });
    home = install({
      PORT: String(port),
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.clientId,
      OIDC_CLIENT_SECRET: CLIENT.clientSecret,
    });
    server = spawn(process.execPath, [MAIN, 'serve'], {
      env: childEnv(home.env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await listening(server);
    evil = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(attack(base));
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    browser = await browserType.launch({ executablePath, args: FLAGS });
  });

  after(async () => {
    await browser?.close();
    if (server && server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    evil?.close();
    evil?.closeAllConnections();
    await provider?.close();
    home?.remove();
  });

  async function open(): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(20_000);
    return context;
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  /** The change of high risk that waits; while it does, the same proposal leads to it. */
  async function highRisk(): Promise<string> {
    const asked = await home.ask(`reboot ${known.productionInstance} because it hangs`);
    return asked.approval_id ?? '';
  }

  /** What a yes in the terminal is answered with. */
  async function linkFor(person: string, id: string): Promise<{ text: string; outcome: string; link: string }> {
    const { text, outcome } = await home.ask(`approve ${id}`, { as: person });
    return { text, outcome, link: /http:\/\/localhost:\S+/.exec(text)?.[0] ?? '' };
  }

  async function signedIn(context: BrowserContext, email: string, hash = ''): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${base}/${hash}`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await identify(page, email);
    await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
    return page;
  }

  it('brings a person through the provider to the page that was opened [C3]', async () => {
    const context = await open();
    const id = await highRisk();
    const page = await context.newPage();

    await page.goto(`${base}/#/approvals/${id}`);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await picture(page, 'sign-in');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await identify(page, BOB);

    await page.getByRole('heading', { name: `Change ${id}` }).waitFor();
    expect(page.url()).to.equal(`${base}/#/approvals/${id}`);
    await page.getByRole('button', { name: 'Signed in as Bob. Account' }).click();
    await page.getByText('Signed in until').waitFor();
    await picture(page, 'account');
    expect(await page.getByRole('button', { name: /^Speaking as/ }).count(), 'no switcher').to.equal(0);
    await context.close();
  });

  it('takes a fresh sign-in before a yes to a high risk, and then one press [C3, G3, A4]', async () => {
    const context = await open();
    const id = await highRisk();
    const told = await linkFor(BOB, id);
    await signedIn(context, BOB);

    const page = await context.newPage();
    await page.goto(told.link);
    await page.getByRole('link', { name: 'Sign in to approve' }).waitFor();
    await picture(page, 'step-up');
    expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0);
    await page.getByRole('link', { name: 'Sign in to approve' }).click();
    await page.getByLabel('E-mail').waitFor();
    await identify(page, BOB);
    await page.getByRole('button', { name: 'Approve' }).click();
    await picture(page, 'step-up-fresh');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();

    await page.getByText('Your decision is recorded').waitFor();
    await picture(page, 'step-up-approved');
    expect(told.outcome).to.equal('denied');
    expect(told.text).to.contain('fresh-sign-in').and.contain(`${base}/approvals/${id}?step_up=`);
    await page.goto(`${base}/#/audit?change=${id}`);
    await page
      .getByText(/vote.recorded/i)
      .first()
      .waitFor();
    await context.close();
  });

  it('refuses the yes of a session that is not fresh, whatever the page shows [C3, G3]', async () => {
    const context = await open();
    const id = await highRisk();
    const page = await signedIn(context, DAVE);

    const answer = await page.evaluate<{ outcome: string; text: string; approvalId: string }>(`(async () => {
      const { self } = await (await fetch('/api/session')).json();
      const { view } = await (await fetch('/api/approvals/${id}')).json();
      const { digest } = view.actions.find(({ verdict }) => verdict === 'approve');
      const decision = { verdict: 'approve', approvalId: '${id}', digest };
      const response = await fetch('/api/turns', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': self.csrf },
        body: JSON.stringify({ id: crypto.randomUUID(), conversation: 'me', decision }),
      });
      return response.json();
    })()`);

    expect(answer).to.include({ outcome: 'denied', approvalId: id });
    expect(answer.text).to.contain('fresh-sign-in');
    await page.getByText('Sign in to approve').first().waitFor();
    await picture(page, 'step-up-in-chat');
    await context.close();
  });

  it('tells another person that a link is not theirs [C3]', async () => {
    const context = await open();
    const { link } = await linkFor(ERIN, await highRisk());
    const page = await context.newPage();

    await page.goto(link);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await identify(page, DAVE);

    await page.getByText('That was somebody else’s link').waitFor();
    await picture(page, 'other-person');
    expect((await context.cookies(base)).map(({ name }) => name)).not.to.include('opsagent');
    await context.close();
  });

  it('tells somebody who is not on the list, calmly [C3, G2]', async () => {
    const context = await open();
    const page = await context.newPage();

    await page.goto(base);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await identify(page, 'mallory@example.com');

    await page.getByText('OpsAgent does not know you').waitFor();
    await picture(page, 'unknown-person');
    await context.close();
  });

  it('shows one’s sessions, ends one, and lets that browser come back to its page [C3]', async () => {
    const [here, there] = [await open(), await open()];
    const page = await signedIn(here, ALICE, '#/sessions');
    const other = await signedIn(there, ALICE, '#/audit');

    await page.reload();
    await page.getByRole('listitem').nth(1).waitFor();
    await picture(page, 'sessions');
    await page.getByRole('button', { name: 'End' }).click();

    await other.getByText('Your sign-in has ended').waitFor({ timeout: 30_000 });
    await picture(other, 'session-ended');
    await other.getByRole('link', { name: 'Sign in again' }).click();
    await other.getByRole('heading', { name: 'Audit' }).waitFor();
    await other.getByRole('button', { name: 'Signed in as Alice. Account' }).waitFor();
    expect(other.url()).to.equal(`${base}/#/audit`);
    await here.close();
    await there.close();
  });

  it('signs out on the server: the cookie is useless afterwards [C3]', async () => {
    const context = await open();
    const page = await signedIn(context, ALICE);
    const cookies = await context.cookies(base);
    const session = cookies.find(({ name }) => name === 'opsagent');

    await page.getByRole('button', { name: 'Signed in as Alice. Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();

    const replayed = await fetch(`${base}/api/approvals`, { headers: { cookie: `opsagent=${session?.value}` } });
    expect(session).to.include({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(replayed.status).to.equal(401);
    await context.close();
  });

  for (const host of ['localhost', '127.0.0.1'])
    it(`lets a page of ${host} at another port neither act for a person nor frame the console [C3, E6]`, async () => {
      const context = await open();
      const page = await signedIn(context, ALICE);
      const attacker = await context.newPage();

      await attacker.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);
      await attacker.waitForFunction('window.tried === 5');
      const framed = attacker.frames().find((frame) => frame.name() === 'framed');

      await page.reload();
      await page.getByRole('button', { name: 'Signed in as Alice. Account' }).waitFor();
      const said = await page.evaluate<string>("fetch('/api/conversations/me/messages').then((all) => all.text())");
      expect(said).to.contain('"messages":').and.not.to.contain('said by an attacker');
      expect(await framed?.locator('button, a').count(), 'nothing of the console in the frame').to.equal(0);
      await context.close();
    });
});

/** A form, three ways to fetch, and a frame. */
function attack(target: string): string {
  const turn = JSON.stringify({
    id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a09',
    conversation: 'me',
    text: 'said by an attacker',
  });
  return `<!doctype html><title>A prize</title>
<iframe name="sink"></iframe><iframe name="framed" src="${target}/" onload="done()"></iframe>
<form id="form" method="post" target="sink" enctype="text/plain" action="${target}/api/turns">
<input name='${turn.slice(0, -1)},"x":"' value='"}'></form>
<form id="out" method="post" target="sink" action="${target}/auth/sign-out"></form>
<script>
window.tried = 0;
const done = () => { window.tried += 1; };
const post = (path, init) => fetch('${target}' + path, { method: 'POST', credentials: 'include', body: ${JSON.stringify(turn)}, ...init }).then(done, done);
form.submit();
setTimeout(() => out.submit(), 300);
post('/api/turns', { mode: 'no-cors' });
post('/api/turns', { headers: { 'content-type': 'application/json', 'x-csrf-token': 'x' } });
post('/auth/sign-out', { mode: 'no-cors', body: '{}' });
setTimeout(done, 1500);
</script>`;
}

async function identify(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function listening(server: ChildProcess): Promise<void> {
  let printed = '';
  for await (const chunk of server.stdout ?? []) {
    printed += chunk;
    if (printed.includes('Stop with Ctrl+C')) return;
  }
  throw new Error(`serve ended: ${printed}`);
}
