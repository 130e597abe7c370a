import { utimesSync } from 'node:fs';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { REPORTS } from '../../tools/reports/report.ts';
import { BOB, type Installation, install } from './opsagent.ts';

describe('opsagent report', function () {
  this.timeout(60_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });

  afterEach(() => {
    house.remove();
  });

  it('prints a report as a card, and says who proposed, approved and was refused [A7]', async () => {
    const { approval_token: token } = await house.ask(`reboot ${known.sickInstance}`);
    await house.ask(`reboot ${known.sickInstance}`, { as: 'carol@example.com' });
    await house.ask(`approve token:${token}`, { as: BOB });

    const operations = await house.run(['report', 'operations', '--window', '1h']);
    const decisions = await house.run(['report', 'decisions', '--as', BOB]);

    expect([operations.code, decisions.code]).to.deep.equal([0, 0]);
    expect(operations.stdout).to.match(/Operations, last hour[\s\S]*reboot_ec2 +1 +1 +1 +0/);
    expect(decisions.stdout).to.match(/Decided +1\b[\s\S]*Approved +100 %[\s\S]*bob@example\.com +1 +0/);
  });

  for (const report of REPORTS) {
    it(`prints ${report} as one line of JSON [A7]`, async () => {
      const { code, stdout } = await house.run(['report', report, '--json']);

      expect(code).to.equal(0);
      expect(stdout.match(/\n/g)).to.have.length(1);
      expect(JSON.parse(stdout)).to.include({ report });
    });
  }

  it('ends with 1 and the repair when there is no such report, or the reader is nobody [A7]', async () => {
    const unnamed = await house.run(['report']);
    const odd = await house.run(['report', 'salaries', '--json']);
    const nobody = await house.run(['report', 'access', '--as', 'mallory@example.com']);

    expect([unnamed.code, odd.code, nobody.code]).to.deep.equal([1, 1, 1]);
    expect(unnamed.stdout).to.include('For example: report access');
    expect(JSON.parse(odd.stdout)).to.include({ outcome: 'failed' });
    expect(nobody.stdout).to.include('not on the allow-list');
  });

  it('tells the age of the audit signing key from its file, and nothing of the key [A7]', async () => {
    const file = house.path('audit.key');
    await house.run(['keys', 'create', '--out', file]);
    const old = new Date(Date.now() - 400 * 86_400_000);
    utimesSync(file, old, old);
    const config = { AUDIT_CHECKPOINTS: `file:${house.path('checkpoints.jsonl')}`, AUDIT_SIGNING_KEY_FILE: file };

    const { stdout } = await house.run(['report', 'keys', '--json'], config);

    const { tables } = JSON.parse(stdout) as { tables: { title: string; rows: unknown[][] }[] };
    const own = tables.find(({ title }) => title === "OpsAgent's own keys");
    const advice = { text: 'older than a year: opsagent keys rotate --out FILE', status: 'warning' };
    expect(own?.rows).to.deep.equal([['audit signing key', '400 days', 'never', advice]]);
    expect(stdout).to.not.include('PRIVATE');
  });

  it('is said in chat in one’s own words too [A7, L4]', async () => {
    const line = await house.ask('who has access?');

    expect(line).to.deep.include({ outcome: 'done', tool: 'get_report', input: { report: 'access' } });
    expect(line.text).to.include('Access review, last 7 days');
  });
});
