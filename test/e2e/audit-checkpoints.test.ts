import { chmodSync, readFileSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { ALICE, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { serveIn } from './serving.ts';

describe('opsagent audit and keys', function () {
  this.timeout(60_000);
  let house: Installation;
  let env: Record<string, string>;

  beforeEach(async () => {
    house = install();
    env = { AUDIT_SIGNING_KEY_FILE: house.path('key.pem'), AUDIT_CHECKPOINTS: `file:${house.path('second')}` };
    await house.run(['keys', 'create', '--out', house.path('key.pem')]);
  });

  afterEach(() => {
    house.remove();
  });

  const first = 'list ec2 instances';

  it('keys create makes a key for its owner alone, and never writes over one [A2]', async () => {
    const before = readFileSync(house.path('key.pem'), 'utf8');

    const again = await house.run(['keys', 'create', '--out', house.path('key.pem')]);
    const nameless = await house.run(['keys', 'create']);

    expect(statSync(house.path('key.pem')).mode & 0o777).to.equal(0o600);
    expect([again.code, nameless.code]).to.deep.equal([2, 2]);
    expect(readFileSync(house.path('key.pem'), 'utf8')).to.equal(before);
    expect(readFileSync(house.path('key.pem.pub'), 'utf8')).to.include('BEGIN PUBLIC KEY');
  });

  it('a question leaves a signed checkpoint, verify says what it proves, and an export stands alone [A2]', async () => {
    await house.ask(first, { env });
    const verified = await house.run(['audit', 'verify'], env);
    const json = JSON.parse((await house.run(['audit', 'verify', '--json'], env)).stdout);
    const exported = await house.run(['audit', 'export', '--from', '1', '--out', house.path('export.jsonl')], env);
    const given = { AUDIT_PUBLIC_KEYS: house.path('key.pem.pub') };

    const alone = await house.run(['audit', 'verify', '--file', house.path('export.jsonl')], given);

    expect([verified.code, exported.code, alone.code]).to.deep.equal([0, 0, 0]);
    expect(verified.stdout).to.match(/1 signed checkpoints: records 1 to \d+ are as they were on 20/);
    expect(json.checkpoints).to.deep.include({ sound: 1, broken_lines: 0 });
    expect(alone.stdout).to.match(/1 signed checkpoints vouch for them .* keys you gave/);
  });

  it('serve says in health and metrics that its second place is away, and answers all the same [A2, A3, A6]', async () => {
    const away = { ...env, AUDIT_CHECKPOINTS: `file:${house.path('other-disk/second')}` };
    await house.ask(first, { env: away });
    const server = await serveIn(house, away);
    try {
      const isDegraded = (text: string) => JSON.parse(text).status === 'degraded';
      const health = await eventually(async () => (await server.get('/health')).text, isDegraded, 5_000);
      const metrics = (await server.get('/metrics')).text;
      const said = await server.turn(ALICE, { text: first });

      expect(isDegraded(health), health).to.equal(true);
      expect(metrics).to.match(/opsagent_audit_checkpoint_lag_records [1-9]/);
      expect(metrics).to.match(/opsagent_audit_checkpoint_failures_total [1-9]/);
      expect(JSON.stringify(said)).to.include('done');
    } finally {
      server.signal('SIGTERM');
      await server.ended;
    }
  });

  it('verify names the first bad record of a chain that was written anew, and ends with 1 [A2]', async () => {
    await house.ask(first, { env });
    const db = new Database(house.path('data/ops.db'));
    db.prepare("DELETE FROM records WHERE kind IN ('audit', 'audit_head')").run();
    db.close();

    const { code, stdout } = await house.run(['audit', 'verify'], env);

    expect(code).to.equal(1);
    expect(stdout).to.match(/broken at record 1/);
  });

  it('another key, or one that everybody may read, is refused with the fix [A2, O3]', async () => {
    await house.ask(first, { env });
    await house.run(['keys', 'create', '--out', house.path('other.pem')]);
    const other = await house.run(['audit', 'verify'], { ...env, AUDIT_SIGNING_KEY_FILE: house.path('other.pem') });
    const rotated = await house.run(['audit', 'verify'], {
      ...env,
      AUDIT_SIGNING_KEY_FILE: house.path('other.pem'),
      AUDIT_PUBLIC_KEYS: house.path('key.pem.pub'),
    });
    chmodSync(house.path('key.pem'), 0o644);

    const open = await house.run(['audit', 'verify'], env);

    expect([other.code, rotated.code, open.code]).to.deep.equal([1, 0, 2]);
    expect(other.stdout).to.match(/checkpoint 1 is signed by a key that is not trusted/);
    expect(open.stderr).to.match(/chmod 600/);
  });
});
