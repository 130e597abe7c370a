import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { CreateAliasCommand, CreateKeyCommand, KMSClient, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

const REGION = 'eu-west-1';

/** Kills the process before its nth step on the disk. */
const dyingAt = (step: number) =>
  `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  let left = ${step};
  for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'unlinkSync']) {
    const real = fs[name];
    fs[name] = (...args) => {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
      return real(...args);
    };
  }
  syncBuiltinESMExports();
`)}`;

describe('opsagent keys rotate', function () {
  this.timeout(90_000);
  let house: Installation;
  let present: Record<string, string>;
  let next: Record<string, string>;

  beforeEach(async () => {
    house = install();
    present = { AUDIT_SIGNING_KEY_FILE: house.path('old.pem'), AUDIT_CHECKPOINTS: `file:${house.path('second')}` };
    next = {
      ...present,
      AUDIT_SIGNING_KEY_FILE: house.path('new.pem'),
      AUDIT_PUBLIC_KEYS: house.path('new.pem.trusted'),
    };
    await house.run(['keys', 'create', '--out', house.path('old.pem')]);
  });

  afterEach(() => house.remove());

  const rotate = (env: Record<string, string> = present) =>
    house.run(['keys', 'rotate', '--out', house.path('new.pem')], env);
  /** Enough for a checkpoint: one is made every 100 records. */
  const busy = async (server: Serving) => {
    const reads = Array.from({ length: 60 }, () => server.turn(ALICE, { text: 'list ec2 instances' }));
    const outcomes = (await Promise.all(reads)).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(Array(60).fill('done'));
  };
  /** A server of its own that makes a checkpoint with the key of `env`. */
  const checkpoint = async (env: Record<string, string>) => {
    const server = await serveIn(house, env);
    await busy(server);
    server.signal('SIGTERM');
    await server.ended;
  };
  const verify = async (env: Record<string, string>) => {
    const { code, stdout } = await house.run(['audit', 'verify', '--json'], env);
    const { checkpoints } = JSON.parse(stdout);
    return { code, sound: Number(checkpoints.sound), key: String(checkpoints.key) };
  };

  it('while serve runs: what waits is approved with its old token, and checkpoints of both keys verify [O4, A2, G5]', async () => {
    const server = await serveIn(house, present);
    const { approvalToken } = await server.turn(ALICE, { text: `reboot ${known.sickInstance} because it is stuck` });

    const rotated = await rotate();
    await busy(server);
    server.signal('SIGTERM');
    await server.ended;
    const old = await verify(present);
    const restarted = await serveIn(house, next);
    const approved = await restarted.turn(BOB, { text: `approve token:${approvalToken}` });
    await busy(restarted);
    restarted.signal('SIGTERM');
    await restarted.ended;
    const both = await verify(next);

    expect(rotated.code, rotated.stderr).to.equal(0);
    expect(approved.outcome, String(approved.text)).to.equal('done');
    expect(rotated.stdout).to.include(`AUDIT_SIGNING_KEY_FILE=${house.path('new.pem')}`);
    expect(rotated.stdout).to.include(`AUDIT_PUBLIC_KEYS=${house.path('new.pem.trusted')}`);
    expect(rotated.stdout).to.include(both.key).and.include(old.key);
    expect([old.code, both.code]).to.deep.equal([0, 0]);
    expect(both.sound).to.be.greaterThan(old.sound);
    expect(both.key).to.not.equal(old.key);
    expect(statSync(house.path('new.pem')).mode & 0o777).to.equal(0o600);
  });

  it('killed before any of its steps, leaves what works, and is finished by saying it again [O4, A2]', async () => {
    await house.ask('list ec2 instances', { env: present });
    const died: number[] = [];

    for (let step = 1; ; step += 1) {
      for (const name of ['new.pem', 'new.pem.pub', 'new.pem.trusted'])
        if (existsSync(house.path(name))) rmSync(house.path(name));
      const { code, signal } = await rotate({ ...present, NODE_OPTIONS: `--import=${dyingAt(step)}` });
      if (code === 0) break;
      died.push(step);
      expect(signal, `step ${step}`).to.equal('SIGKILL');
      expect((await verify(present)).code, `verify after step ${step}`).to.equal(0);
      expect((await rotate()).code, `again after step ${step}`).to.equal(0);
      expect((await verify(next)).code, `verify with the next after step ${step}`).to.equal(0);
      expect(readFileSync(house.path('new.pem.pub'), 'utf8')).to.include('BEGIN PUBLIC KEY');
    }

    expect(died.length).to.be.at.least(5);
    expect(
      readdirSync(house.path('.')).filter((name) => name.startsWith('new.pem') && !name.endsWith('.new')),
    ).to.have.length(3);
  });

  it('keeps every key that was trusted, a second time around too, and refuses what would undo it [O4, A2]', async () => {
    await checkpoint(present);
    await rotate();
    await checkpoint(next);

    const again = await house.run(['keys', 'rotate', '--out', house.path('third.pem')], next);
    const third = { ...next, AUDIT_SIGNING_KEY_FILE: house.path('third.pem') };
    await checkpoint(third);
    const all = await verify(third);
    const same = await house.run(['keys', 'rotate', '--out', house.path('third.pem')], third);
    const none = await rotate({});
    chmodSync(house.path('new.pem'), 0o644);
    const open = await rotate();

    expect([again.code, all.code]).to.deep.equal([0, 0]);
    expect(all.sound).to.be.at.least(3);
    expect(readFileSync(house.path('new.pem.trusted'), 'utf8').match(/BEGIN PUBLIC/g)).to.have.length(3);
    expect([same.code, none.code, open.code]).to.deep.equal([2, 2, 2]);
    expect(same.stderr).to.match(/third\.pem is the key that signs now/);
    expect(none.stderr).to.match(/AUDIT_CHECKPOINTS is not set/);
    expect(open.stderr).to.match(/chmod 600/);
  });

  describe('where AWS keeps it', () => {
    let peer: Moto;
    let aws: Record<string, string>;
    const place = () => ({ region: REGION, endpoint: peer.url });

    before(async function () {
      peer = await moto(this);
      const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
      aws = { AWS_ENDPOINT_URL: peer.url, AWS_REGION: REGION, ...credentials };
    });

    after(async () => peer?.stop());

    it('names the parameter to change for a setting that is a reference [O4, O3]', async () => {
      const Name = '/ops/audit-key-file';
      await new SSMClient(place()).send(
        new PutParameterCommand({ Name, Value: house.path('old.pem'), Type: 'String' }),
      );

      const { code, stdout } = await rotate({ ...present, ...aws, AUDIT_SIGNING_KEY_FILE: `ssm:${Name}` });

      expect(code).to.equal(0);
      expect(stdout).to.include(`AUDIT_SIGNING_KEY_FILE is kept at ssm:${Name}: put ${house.path('new.pem')} there`);
    });

    it('a key in KMS: its public half is kept, and an alias that is moved meanwhile spoils no signature [O4, A2]', async () => {
      const kms = new KMSClient(place());
      const make = async () => {
        const { KeyMetadata } = await kms.send(
          new CreateKeyCommand({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' }),
        );
        return KeyMetadata?.KeyId ?? '';
      };
      const alias = 'alias/audit';
      await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: await make() }));
      const env = { ...aws, AUDIT_KMS_KEY_ID: alias, AUDIT_CHECKPOINTS: `file:${house.path('second')}` };
      const server = await serveIn(house, env);
      await busy(server);

      const rotated = await rotate(env);
      await kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: await make() }));
      await busy(server);
      server.signal('SIGTERM');
      await server.ended;
      const trusting = { ...env, AUDIT_PUBLIC_KEYS: house.path('new.pem.trusted') };
      await checkpoint(trusting);
      const all = await verify(trusting);

      expect(rotated.code, rotated.stderr).to.equal(0);
      expect(rotated.stdout)
        .to.match(/kms create-key/)
        .and.include('AUDIT_KMS_KEY_ID=<its ARN>');
      expect(all.code).to.equal(0);
      expect(all.sound).to.be.at.least(3);
    });
  });
});
