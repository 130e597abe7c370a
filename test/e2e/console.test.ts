import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContext, chromium as browserType, type Page } from 'playwright-core';
import { known } from '../../tools/aws/simulated/known.ts';
import { chromium } from '../peers/peers.ts';
import { childEnv, type Installation, install, MAIN } from './opsagent.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Set to a folder to keep pictures for a person to look at. */
const PICTURES = process.env.PICTURES;
const SICK = known.sickInstance;

/** A person follows the whole story in a real browser on the built console; each page is a browser of its own. */
describe('the console in a browser', function () {
  this.timeout(60_000);
  let home: Installation;
  let server: ChildProcess;
  let address: string;
  let browser: Browser;
  const problems: string[] = [];

  before(async function () {
    const executablePath = chromium(this);
    home = install();
    server = spawn(process.execPath, [MAIN, 'serve'], {
      env: childEnv(home.env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    address = await addressOf(server);
    browser = await browserType.launch({ executablePath, args: FLAGS });
  });

  after(async () => {
    await browser?.close();
    if (server && server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    home?.remove();
  });

  async function open(person: string, hash = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context: BrowserContext = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(address);
    await become(page, person);
    if (hash) await page.goto(`${address}/${hash}`);
    return page;
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  it('shows the state of an instance with its chart [C3, C7, T1]', async () => {
    const page = await open('Alice');

    await say(page, `how is ${SICK} doing?`);

    await page.getByText('impaired').first().waitFor();
    expect(await page.locator('.ac-adaptiveCard img[src^="data:image/svg+xml"]').count()).to.be.greaterThan(0);
    await picture(page, 'chat-chart');
    await page.context().close();
  });

  it('lets a change be asked, refused to the wrong person, approved, and shows it on every copy and in the audit [C3, G3, G11, A4]', async () => {
    const alice = await open('Alice');
    const carol = await open('Carol', '#/chat/%23ops');
    const bob = await open('Bob', '#/chat/%23ops');

    await say(alice, `reboot ${SICK} because it does not answer`);
    await alice.getByText('Waiting for approval').first().waitFor();
    await picture(alice, 'approval-pending');
    await carol.getByRole('button', { name: 'Approve' }).click();
    await carol.getByText('Not counted').first().waitFor();
    await picture(carol, 'approval-refused');
    await bob.getByRole('button', { name: 'Approve' }).click();

    for (const page of [alice, bob, carol])
      await page.getByText('Approved by Bob').first().waitFor({ timeout: 20_000 });
    await alice.getByText('Done and verified').first().waitFor({ timeout: 20_000 });
    for (const page of [alice, bob, carol])
      expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0);
    expect(await bob.getByText('Not counted').count(), "a refusal is not Bob's to see").to.equal(0);
    await picture(alice, 'approval-done');

    await bob.goto(`${address}/#/audit`);
    await bob.getByText('change_intent').or(bob.getByText('Change intent')).first().waitFor();
    await picture(bob, 'audit');
    await bob.goto(`${address}/#/approvals`);
    await picture(bob, 'approvals');
    for (const page of [alice, bob, carol]) await page.context().close();
  });

  it('lets a change be rejected with a reason from the approvals page, which the requester reads [C3, G7, G15]', async () => {
    const alice = await open('Alice');
    await say(
      alice,
      `ecs scale cluster=${known.healthyService.cluster} service=${known.healthyService.service} desired_count=3`,
    );
    await alice.getByText('Waiting for approval').first().waitFor();

    const bob = await open('Bob', '#/approvals');
    await bob.getByText('Scale').first().click();
    await picture(bob, 'approvals-detail');
    await bob
      .getByRole('button', { name: /^Reject/ })
      .last()
      .click();
    await bob.getByRole('dialog').getByRole('textbox').fill('not before the campaign');
    await bob
      .getByRole('dialog')
      .getByRole('button', { name: /^Reject/ })
      .click();

    await alice.getByText('not before the campaign').first().waitFor({ timeout: 20_000 });
    await alice.context().close();
    await bob.context().close();
  });

  it('reports with figures, charts and tables what was done, by the day and by the hour, wide and narrow [A7, C3]', async () => {
    const page = await open('Bob', '#/reports/operations?window=24h');

    await page.getByRole('img', { name: /^Done each hour: \d+ in all/ }).waitFor();
    await page.getByRole('table', { name: 'By tool' }).getByText('reboot_ec2').waitFor();
    await picture(page, 'reports-operations');
    await page.getByRole('tab', { name: 'Keys' }).click();
    await page
      .getByRole('table', { name: /^Access keys/ })
      .getByText('ci-deploy')
      .first()
      .waitFor();
    expect(new URL(page.url()).hash).to.equal('#/reports/keys?window=24h');
    await picture(page, 'reports-keys');
    await page.getByRole('tab', { name: 'Decisions' }).click();
    await page.getByRole('combobox', { name: 'How far back' }).selectOption('30d');
    await page.getByRole('img', { name: /^Approved each day/ }).waitFor();
    await page.context().close();

    const narrow = await open('Bob', '#/reports/tags', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await narrow.getByRole('list', { name: /^To repair/ }).waitFor();
    const beyond = await narrow.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(beyond, 'pixels beyond the right edge').to.equal(0);
    await picture(narrow, 'reports-narrow-dark');
    await narrow.context().close();
  });

  it('reads well in the dark and on a narrow screen [C3]', async () => {
    const page = await open('Alice', '', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

    await say(page, `ec2 status ${SICK} metrics=cpu,memory`);
    await page.getByText('impaired').first().waitFor();

    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow, 'pixels beyond the right edge').to.equal(0);
    await picture(page, 'narrow-dark');
    await page.context().close();
  });

  it('meets no error in any of this, under its own content policy [C3]', () => {
    expect(problems).to.deep.equal([]);
  });
});

async function become(page: Page, name: string): Promise<void> {
  const switcher = page.getByRole('button', { name: /^Speaking as/ });
  await switcher.waitFor();
  if ((await switcher.getAttribute('aria-label'))?.startsWith(`Speaking as ${name},`)) return;
  await switcher.click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('button', { name: new RegExp(`^Speaking as ${name},`) }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox').first();
  await box.fill(text);
  await box.press('Enter');
}

async function addressOf(server: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout ?? []) {
    printed += chunk;
    const [address] = /http:\/\/\S+/.exec(printed) ?? [];
    if (address) return address;
  }
  throw new Error(`serve ended without an address: ${printed}`);
}
