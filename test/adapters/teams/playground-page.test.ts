import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium as browserType, type Page } from 'playwright-core';
import { known } from '../../../tools/aws/simulated/known.ts';
import { chromium } from '../../peers/peers.ts';
import { teamsPerson } from './people.ts';
import { GROUP, type Playground } from './playground.ts';
import { openPlayground } from './playground-house.ts';

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

const bob = teamsPerson('bob@example.com');

/** Alice at her screen; everybody else by the Playground's API. */
describe('the page of the Agents Playground', function () {
  this.timeout(120_000);
  let playground: Playground;
  let browser: Browser | undefined;
  let page: Page;
  let close: (() => Promise<void>) | undefined;

  before(async function () {
    const executablePath = chromium(this);
    ({ playground, close } = await openPlayground(this));
    browser = await browserType.launch({ executablePath, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1300, height: 1250 } });
    page.setDefaultTimeout(15_000);
    await page.goto(playground.url, { waitUntil: 'domcontentloaded' });
    await page.getByRole('treeitem', { name: 'Personal Chat' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await close?.();
  });

  const press = (name: string, exact = false) => page.getByRole('button', { name, exact }).last().click();
  const sees = (text: string | RegExp) => page.getByText(text).last().waitFor();

  async function types(text: string): Promise<void> {
    await page.locator('[data-lexical-editor="true"]:visible').last().click();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }

  async function picture(name: string): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(PICTURES, `teams-${name}.png`) });
  }

  it('draws the welcome, an answer and a chart [C2, C7]', async () => {
    await sees('Hello, I am OpsAgent');
    await picture('1-welcome');

    await types('which alarms are firing?');
    await sees('checkout-unhealthy-hosts');
    await types(`metrics AWS/EC2 CPUUtilization ${known.sickInstance} 1h`);
    await sees(/minutes since \d\d:\d\d UTC/);

    await picture('2-chart');
  });

  it('gives the requester her own buttons in her own chat, and takes her no with its reason [C8, G7]', async () => {
    await types(`ec2 reboot ${known.sickInstance} because it hangs`);
    await page.getByRole('button', { name: 'Cancel my request' }).waitFor();
    await picture('3-own-chat');

    await press('Reject …');
    await page.locator('.ac-adaptiveCard textarea').last().fill('The nightly batch runs until 04:00.');
    await picture('4-reason');
    await press('Reject', true);

    await sees(/Rejected by Alice/);
    await sees(/The nightly batch runs until 04:00/);
    await picture('5-rejected');
  });

  it('shows a change of Bob’s to all, tells Alice in private that it is not hers, and lets her decide another [C8]', async () => {
    await page.getByRole('treeitem', { name: 'War room' }).click();
    await playground.says(bob, GROUP, `ec2 reboot ${known.productionInstance} because it hangs`);
    await page.getByRole('button', { name: 'Decide …' }).waitFor();
    await picture('6-group');

    await press('Decide …');
    await sees(/You cannot decide this change/);
    await picture('7-not-hers');
    await playground.says(bob, GROUP, `ec2 reboot ${known.healthyInstance} because it hangs`);
    await page.getByRole('button', { name: 'Decide …' }).nth(1).click();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await picture('8-hers');
    await press('Approve');

    await sees(/Approved by Alice/);
    await picture('9-approved');
    expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0);
  });
});
