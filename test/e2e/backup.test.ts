import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { recordOf } from './record-of.ts';
import { pressOf, serveIn } from './serving.ts';

const { sickInstance, healthyInstance } = known;

describe('opsagent backup and restore', function () {
  this.timeout(60_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });
  afterEach(() => {
    house.remove();
  });

  const backup = () => house.run(['backup', '--out', house.path('backup.db')]);
  const restore = () => house.run(['restore', '--from', house.path('backup.db')]);
  const recordsOf = async () => Number(/(\d+) records/.exec((await house.run(['audit', 'verify'])).stdout)?.[1]);

  const linesOf = (name: string) => readFileSync(house.path(name), 'utf8').trimEnd().split('\n');

  function tamperWith(name: string): void {
    const db = new Database(house.path(name));
    db.exec(`UPDATE records SET body = replace(body, 'alice', 'mallory') WHERE kind = 'audit'`);
    db.close();
  }

  /** As the runbook says: the whole store, the audit copy included. */
  function moveStoreAway(): void {
    renameSync(house.path('data'), house.path('old'));
  }

  it('brings back what was recorded before the backup, while a server was running, and nothing after it [O4, A2]', async () => {
    const server = await serveIn(house);
    await server.turn(ALICE, { text: `reboot ${sickInstance}` });
    const [card] = await server.approvals(BOB, 'pending');
    if (!card) throw new Error('nothing is pending');
    await server.turn(BOB, pressOf(card, 'reject', 'not now, please'), '#ops');
    const made = await backup();
    const before = await recordsOf();
    await server.turn(ALICE, { text: 'list ec2 instances' });
    server.signal('SIGTERM');
    await server.ended;
    moveStoreAway();

    const restored = await restore();
    const [copy, ofBackup] = ['data/ops.db.audit.jsonl', 'backup.db.audit.jsonl'].map(linesOf);

    expect({ made: made.code, restored: restored.code }, restored.stderr).to.deep.equal({ made: 0, restored: 0 });
    expect(copy).to.deep.equal(ofBackup).and.to.have.length(before);
    expect(made.stdout).to.match(/whole: .*backup\.db, \d+ audit records, \d+ compared/);
    expect((await recordOf(house.env.STORE ?? '', card.approvalId)).approval.state).to.equal('rejected');
    expect(await recordsOf()).to.equal(before);
    expect((await house.run(['audit', 'verify'])).code).to.equal(0);
    expect((await house.ask('list ec2 instances')).outcome).to.equal('done');
    expect(readdirSync(house.path('data')).filter((name) => name.includes('restoring'))).to.deep.equal([]);
  });

  it('refuses a store that holds records, and one that a server has open, and leaves both as they are [O4]', async () => {
    await house.ask('list ec2 instances');
    await backup();
    const held = await restore();
    const before = await recordsOf();
    moveStoreAway();
    const server = await serveIn(house);

    const open = await restore();
    server.signal('SIGTERM');
    await server.ended;

    expect({ held: held.code, open: open.code }).to.deep.equal({ held: 1, open: 1 });
    expect(held.stderr).to.match(/holds records and is not replaced[\s\S]*mkdir old/);
    expect(open.stderr).to.match(/holds records|another process/);
    expect(before).to.be.greaterThan(0);
    expect(existsSync(house.path('data/ops.db.restoring'))).to.equal(false);
  });

  it('puts an empty store aside and deletes nothing [O4]', async () => {
    await house.ask('list ec2 instances');
    await backup();
    moveStoreAway();
    mkdirSync(house.path('data'), { recursive: true });
    writeFileSync(house.path('data/ops.db'), '');
    writeFileSync(house.path('data/ops.db.audit.jsonl'), 'left here\n');

    const { code, stdout } = await restore();

    const aside = readdirSync(house.path('data')).filter((name) => name.includes('.before-'));
    expect(code).to.equal(0);
    expect(aside).to.have.length(2);
    expect(stdout).to.include(aside[0]?.replace('.audit.jsonl', ''));
    expect(readFileSync(house.path(`data/${aside.find((name) => name.endsWith('.jsonl'))}`), 'utf8')).to.equal(
      'left here\n',
    );
  });

  it('refuses a backup whose changes could still run a second time, and says until when [O4, G10]', async () => {
    await house.ask(`reboot ${healthyInstance}`);
    await backup();
    moveStoreAway();

    const { code, stderr } = await restore();

    expect(code).to.equal(1);
    expect(stderr).to.match(/could still run[\s\S]*restore after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    expect(existsSync(house.path('data/ops.db'))).to.equal(false);
  });

  it('refuses a backup with an approved change that nobody has started [O4, G10]', async () => {
    const { approval_id: change = '', approval_token: token } = await house.ask(`reboot ${sickInstance}`);
    const killed = await house.run(['ask', '--json', '--as', BOB, `approve token:${token}`], { CRASH_AT: 'P5' });
    const { approval } = await recordOf(house.env.STORE ?? '', change);
    await backup();
    moveStoreAway();

    const { code, stderr } = await restore();

    expect({ signal: killed.signal, state: approval.state }).to.deep.equal({ signal: 'SIGKILL', state: 'approved' });
    expect(code).to.equal(1);
    expect(stderr).to.match(/could still run/);
    expect(existsSync(house.path('data/ops.db'))).to.equal(false);
  });

  it('lets nothing from a write-ahead log of the old store into the restored one, and keeps the log [O4, O5]', async () => {
    await house.ask('list ec2 instances');
    await backup();
    const before = await recordsOf();
    const server = await serveIn(house);
    await server.turn(ALICE, { text: 'list ec2 instances' });
    await server.turn(ALICE, { text: 'list alarms' });
    server.signal('SIGKILL');
    await server.ended;
    const left = readFileSync(house.path('data/ops.db-wal'));
    renameSync(house.path('data/ops.db'), house.path('old.db'));

    const restored = await restore();
    const verified = await house.run(['audit', 'verify']);

    const aside = readdirSync(house.path('data')).filter((name) => /\.before-.*-wal$/.test(name));
    expect({ restored: restored.code, verified: verified.code }, verified.stderr).to.deep.equal({
      restored: 0,
      verified: 0,
    });
    expect(await recordsOf()).to.equal(before);
    expect(left.length).to.be.above(0);
    expect(aside.map((name) => readFileSync(house.path(`data/${name}`)).equals(left))).to.deep.equal([true]);
  });

  it('ends a backup of a store that was tampered with by 1, names the record and keeps the copy [O4, A2]', async () => {
    await house.ask('list ec2 instances');
    tamperWith('data/ops.db');

    const { code, stdout } = await backup();

    expect(code).to.equal(1);
    expect(stdout).to.match(/is broken at record \d+.*: its content is not what was written\. The copy was kept/);
    expect(existsSync(house.path('backup.db'))).to.equal(true);
  });

  it('refuses a backup that was tampered with, by its chain and by its copy of the audit record [O4, A2]', async () => {
    await house.ask('list ec2 instances');
    await backup();
    moveStoreAway();
    const copy = readFileSync(house.path('backup.db.audit.jsonl'), 'utf8');
    writeFileSync(house.path('backup.db.audit.jsonl'), copy.replace(/"hash":"./g, '"hash":"0'));
    const byCopy = await restore();
    writeFileSync(house.path('backup.db.audit.jsonl'), copy);
    tamperWith('backup.db');

    const byChain = await restore();

    expect({ copy: byCopy.code, chain: byChain.code }).to.deep.equal({ copy: 1, chain: 1 });
    expect(byCopy.stderr).to.include('the copy holds another record');
    expect(byChain.stderr).to.include('its content is not what was written');
    expect(existsSync(house.path('data/ops.db'))).to.equal(false);
  });

  it('is for its owner alone, is not written over another file, and says how it is called [O4]', async () => {
    await house.ask('list ec2 instances');
    await backup();

    const again = await backup();
    const calls = await Promise.all([house.run(['backup']), house.run(['restore'])]);

    expect([statSync(house.path('backup.db')).mode, statSync(house.path('backup.db.audit.jsonl')).mode]).to.satisfy(
      (modes: number[]) => modes.every((mode) => (mode & 0o077) === 0),
    );
    expect(again.code).to.equal(1);
    expect(again.stderr).to.include('is not written over');
    expect(calls.map(({ code }) => code)).to.deep.equal([2, 2]);
    expect(calls[1]?.stderr).to.include('opsagent restore --from FILE');
  });
});
