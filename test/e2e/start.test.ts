import { chmodSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { otherProcess } from '../store/other-process.ts';
import { type Installation, install } from './opsagent.ts';

describe('opsagent, started wrongly', function () {
  this.timeout(30_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });

  afterEach(() => {
    house.remove();
  });

  it('says one line for each wrong key, with the fix, and ends with 2 [O3]', async () => {
    const wrong = {
      EXECUTION_MODE: 'LIVE',
      PORT: '99999',
      LOG_LEVEL: 'loud',
      AWS_REGION: 'mars',
      POLICY_FILE: 'nowhere.yaml',
    };

    const ends = [await house.run(['ask', '--json', 'hi'], wrong), await house.run(['serve'], wrong)];

    for (const { code, stdout, stderr } of ends) {
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      for (const [key, value] of Object.entries(wrong))
        expect(stderr.split('\n').filter((line) => line.startsWith(`${key} is "${value}": `))).to.have.length(1);
    }
  });

  it('refuses to listen beyond this machine where nobody signs in [O3, C3]', async () => {
    const { code, stderr } = await house.run(['serve'], { HOST: '0.0.0.0' });

    expect(code).to.equal(2);
    expect(stderr).to.match(/^HOST is "0\.0\.0\.0": .*OIDC_ISSUER and OIDC_CLIENT_ID/);
  });

  it('refuses to reach AWS for people nobody listed [O3, G2]', async () => {
    const { code, stderr } = await house.run(['ask', 'hi'], { EXECUTION_MODE: 'SANDBOX_LIVE' });

    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/^PEOPLE_FILE is not set: .*SANDBOX_LIVE/)
      .and.include('roles: [ops-lead]');
  });

  it('refuses a list of people it cannot read, and lets nobody in by an empty one [G2, O3]', async () => {
    writeFileSync(house.path('wrong.yaml'), 'ada: {email: not an address}');
    writeFileSync(house.path('empty.yaml'), '');

    const wrong = await house.run(['ask', 'hi'], { PEOPLE_FILE: house.path('wrong.yaml') });
    const empty = await house.ask('ec2 list', { env: { PEOPLE_FILE: house.path('empty.yaml') } });

    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.match(/wrong\.yaml: ada\.email/);
    expect(empty).to.include({ outcome: 'denied' });
  });

  it('shows how it is used to whoever asks for help, and ends with 0 [O3]', async () => {
    const ends = [await house.run(['help']), await house.run(['--help'])];

    for (const { code, stdout } of ends) {
      expect(code).to.equal(0);
      expect(stdout).to.match(/^opsagent <verb>/);
    }
  });

  for (const args of [['frobnicate'], ['audit'], ['audit', 'verify', 'twice'], ['ask', '--loud', 'hi'], []]) {
    it(`shows how it is used and ends with 2 for "${args.join(' ')}" [O3]`, async () => {
      const { code, stdout, stderr } = await house.run(args);

      expect(code).to.equal(2);
      expect(stdout + stderr).to.match(/opsagent (<verb>|audit verify)/);
    });
  }
});

describe('opsagent, with a store it cannot use', function () {
  this.timeout(30_000);
  let house: Installation;

  beforeEach(async () => {
    house = install();
    await house.ask('ec2 list');
  });

  afterEach(() => {
    house.remove();
  });

  const damages: { what: string; damage: (file: string) => void }[] = [
    { what: 'is not a database', damage: (file) => writeFileSync(file, 'not a database, '.repeat(400)) },
    { what: 'was cut off in the middle', damage: (file) => truncateSync(file, 6_000) },
    { what: 'was cut off at its start', damage: (file) => truncateSync(file, 100) },
  ];
  for (const { what, damage } of damages) {
    it(`names a file that ${what}, says what to do, and leaves it as it is [O5, A3]`, async () => {
      const file = house.path('damaged.db');
      copyFileSync(house.path('data/ops.db'), file);
      damage(file);
      const before = readFileSync(file);

      const asked = await house.run(['ask', '--json', 'ec2 list'], { STORE: `sqlite:${file}` });
      const served = await house.run(['serve'], { STORE: `sqlite:${file}` });

      for (const { code, stdout, stderr } of [asked, served]) {
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
        expect(stderr)
          .to.include(file)
          .and.match(/[Rr]estore a backup/);
      }
      expect(readFileSync(file).equals(before)).to.equal(true);
    });
  }

  it('names a folder it may not write to [O5]', async () => {
    const folder = house.path('sealed');
    mkdirSync(folder);
    chmodSync(house.path('.'), 0o755);
    chmodSync(folder, 0o555);
    // The superuser may write everywhere, so the program is run as nobody.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;

    const { code, stdout, stderr } = await house.run(['ask', 'hi'], { STORE: `sqlite:${folder}/ops.db` }, uid);

    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr)
      .to.include(folder)
      .and.match(/may (read and )?write/);
  });

  it('says that another process holds the file, after waiting for it, and works when it is let go [O5]', async () => {
    const other = otherProcess('hold', house.path('data/ops.db'));
    await other.said(1);

    const locked = await house.run(['ask', '--json', 'ec2 list']);
    other.child.stdin?.end();
    await other.ended;
    const after = await house.ask('ec2 list');

    expect({ code: locked.code, stdout: locked.stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(locked.stderr).to.match(/another process holds the store .*ops\.db/);
    expect(after.outcome).to.equal('done');
  });
});
