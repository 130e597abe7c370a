import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

const REGION = 'eu-west-1';
const LEADS = 'Bob: {email: bob@example.com, roles: [ops-lead]}';

/** Ends with the names of the SDK's packages that were loaded, each once, on a line of their own. */
const NAMES_SDK = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module';
  const { cache } = createRequire('/');
  const found = () => Object.keys(cache).flatMap((path) => path.match(/@aws-sdk.client-[a-z0-9-]+/) ?? []);
  process.on('exit', () => process.stderr.write('loaded: ' + [...new Set(found())].sort().join(' ') + '\\n'));
`)}`;

/** Each wait of a minute is one of half a second. */
const MINUTES_FLY = `data:text/javascript,${encodeURIComponent(`
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (work, ms, ...more) => setTimeout(work, ms === 60_000 ? 500 : ms, ...more);
`)}`;

describe('opsagent, configured from AWS', function () {
  this.timeout(60_000);
  let peer: Moto;
  let house: Installation;
  let ssm: SSMClient;
  let serving: Serving | undefined;
  const put = (Name: string, Value: string, Type: 'String' | 'StringList' = 'String') =>
    ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));

  before(async function () {
    peer = await moto(this);
    ssm = new SSMClient({ region: REGION, endpoint: peer.url });
  });

  beforeEach(async () => {
    await peer.reset();
    await put('/ops/people/engineer', 'alice@example.com', 'StringList');
    await put('/ops/people/leads', LEADS);
    await put('/ops/policy', '{changes: allowed}');
    const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
    house = install({ AWS_ENDPOINT_URL: peer.url, AWS_REGION: REGION, ...credentials });
  });

  afterEach(async () => {
    serving?.signal('SIGTERM');
    await serving?.ended;
    serving = undefined;
    house?.remove();
  });

  after(async () => peer?.stop());

  const remote = { PEOPLE_SSM: '/ops/people/', POLICY_SSM: '/ops/policy' };

  /** Changes something in AWS, sends SIGHUP, and waits until the server's health says what it should. */
  async function change(server: Serving, what: () => Promise<unknown>, until: RegExp): Promise<void> {
    await what();
    server.signal('SIGHUP');
    for (let tries = 0; tries < 100; tries += 1) {
      if (until.test((await server.get('/health')).text)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`health says ${(await server.get('/health')).text}`);
  }

  it('lets in whom Parameter Store names now, without a restart, and nobody by an empty list [G2, O3]', async () => {
    serving = await serveIn(house, remote);
    const server = serving;
    const outcome = async (as: string) => {
      const answer = await server.turn(as, { text: 'list ec2 instances' });
      return answer.outcome ?? answer.code;
    };
    const outcomes = async () => [await outcome(ALICE), await outcome(BOB)];

    const before = await outcomes();
    await put('/ops/people/engineer', 'carol@example.com', 'StringList');
    server.signal('SIGHUP');
    const without = await eventually(outcomes, ['unknown_person', 'done']);
    await put('/ops/people/engineer', ',', 'StringList');
    await put('/ops/people/leads', '{}');
    server.signal('SIGHUP');
    const nobody = await eventually(outcomes, ['unknown_person', 'unknown_person']);

    expect(before).to.deep.equal(['done', 'done']);
    expect(without).to.deep.equal(['unknown_person', 'done']);
    expect(nobody).to.deep.equal(['unknown_person', 'unknown_person']);
    expect((await server.get('/health')).text).to.include('"status":"ok"');
  });

  it('lets nobody in a minute after Parameter Store names them no more, though nobody tells the process to look [G2, O3]', async () => {
    serving = await serveIn(house, { ...remote, NODE_OPTIONS: `--import=${MINUTES_FLY}` });
    const server = serving;
    const outcome = async () => {
      const answer = await server.turn(ALICE, { text: 'list ec2 instances' });
      return [answer.outcome ?? answer.code];
    };

    const before = await outcome();
    await put('/ops/people/engineer', 'carol@example.com', 'StringList');
    const after = await eventually(outcome, ['unknown_person']);

    expect([before, after]).to.deep.equal([['done'], ['unknown_person']]);
  });

  it('pauses changes and goes on reading while a parameter is malformed or gone, says so, and recovers [G2, A6]', async () => {
    serving = await serveIn(house, remote);
    const server = serving;
    const outcomes = async () => {
      const change = await server.turn(ALICE, { text: `reboot ${known.sickInstance}` });
      const read = await server.turn(ALICE, { text: 'list ec2 instances' });
      return { change: change.outcome, why: String(change.text), read: read.outcome };
    };

    await change(server, () => put('/ops/policy', 'changes: [unclosed'), /"policy":{"status":"degraded"/);
    const malformed = await outcomes();
    await change(server, () => put('/ops/policy', 'changes: allowed'), /"policy":{"status":"ok"/);
    const names = ['/ops/people/engineer', '/ops/people/leads'];
    const remove = () => Promise.all(names.map((Name) => ssm.send(new DeleteParameterCommand({ Name }))));
    await change(server, remove, /"people":{"status":"degraded"/);
    const gone = await outcomes();
    await change(
      server,
      () => put('/ops/people/engineer', 'alice@example.com', 'StringList'),
      /"people":{"status":"ok"/,
    );
    const again = await outcomes();

    expect(malformed).to.include({ change: 'denied', read: 'done' });
    expect(malformed.why).to.match(/\/ops\/policy: [\s\S]*Changes\s+are\s+paused/);
    expect(gone).to.include({ change: 'denied', read: 'done' });
    expect(gone.why).to.match(/no parameter directly\s+below\s+\/ops\/people\/[\s\S]*Changes\s+are\s+paused/);
    expect(again, again.why).to.include({ change: 'pending', read: 'done' });
  });

  it('starts with secrets it was referred to, and names reference and repair where they are wrong [O3, A5]', async () => {
    const secrets = new SecretsManagerClient({ region: REGION, endpoint: peer.url });
    const keep = { bot_token: 'xoxb-s3cr3t', signing_secret: 's3cr3t-s3cr3t-s3cr3t' };
    await secrets.send(new CreateSecretCommand({ Name: 'ops/slack', SecretString: JSON.stringify(keep) }));
    const env = {
      SLACK_BOT_TOKEN: 'secretsmanager:ops/slack#bot_token',
      SLACK_SIGNING_SECRET: 'secretsmanager:ops/slack#signing_secret',
      LOG_LEVEL: 'ssm:/ops/log-level',
    };
    const refused = await house.run(['ask', 'hi'], env);
    await put('/ops/log-level', 'error');
    const right = await house.ask('list ec2 instances', { env });
    await secrets.send(
      new PutSecretValueCommand({ SecretId: 'ops/slack', SecretString: '{"bot_token": "xoxp-s3cr3t"}' }),
    );

    const wrong = await house.run(['ask', 'hi'], env);
    const wrongForm = await house.run(['ask', 'hi'], { SLACK_BOT_TOKEN: env.SLACK_BOT_TOKEN });

    expect(right.outcome).to.equal('done');
    for (const { code, stdout, stderr } of [refused, wrong, wrongForm]) {
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.not.contain('s3cr3t');
    }
    expect(refused.stderr).to.match(/^LOG_LEVEL is "ssm:\/ops\/log-level": .* Check the name and the Region/);
    expect(wrong.stderr).to.match(
      /^SLACK_SIGNING_SECRET is "secretsmanager:ops\/slack#signing_secret": .*no text under/,
    );
    expect(wrongForm.stderr).to.match(/^SLACK_BOT_TOKEN from secretsmanager:ops\/slack#bot_token is something else: /);
  });

  it('ends with 2, key and repair when people or policy cannot be read at a start [O3, G2]', async () => {
    const absent = await house.run(['ask', 'hi'], { PEOPLE_SSM: '/ops/nobody/' });
    await put('/ops/policy', 'chnages: paused');
    const wrong = await house.run(['serve'], remote);
    const away = await house.run(['usage'], { ...remote, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });

    expect([absent.code, wrong.code, away.code]).to.deep.equal([2, 2, 2]);
    expect(absent.stderr).to.match(/^PEOPLE_SSM is "\/ops\/nobody\/": there is no parameter .* Check the path/);
    expect(wrong.stderr).to.match(/^POLICY_SSM is "\/ops\/policy": .*"chnages"/);
    expect(away.stderr).to.match(/^POLICY_SSM is "\/ops\/policy": .*ECONNREFUSED.* Check the network/);
  });

  it('loads the AWS SDK only for what is kept in AWS [O3]', async () => {
    const loaded = async (env: Record<string, string>) => {
      const { stderr } = await house.run(['ask', 'hi'], { NODE_OPTIONS: `--import=${NAMES_SDK}`, ...env });
      return /^loaded: (.*)$/m.exec(stderr)?.[1];
    };
    await put('/ops/log-level', 'error');

    const without = await loaded({});
    const parameter = await loaded({ LOG_LEVEL: 'ssm:/ops/log-level' });
    const policy = await loaded({ POLICY_SSM: '/ops/policy' });

    expect(without).to.equal('');
    expect(parameter).to.equal('@aws-sdk/client-ssm');
    expect(policy).to.equal('@aws-sdk/client-ssm');
  });
});

async function eventually<T extends unknown[]>(look: () => Promise<T>, wanted: T): Promise<T> {
  for (let tries = 0; tries < 50; tries += 1) {
    const seen = await look();
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return look();
}
