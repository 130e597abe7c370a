import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { z } from 'zod';
import { createOutcomeSpool } from '../../approvals/outcome-spool.ts';
import { startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken, team } from '../adapters/slack/slack-world.ts';
import { redisServer } from '../peers/redis.ts';
import { startOracle } from './aws-oracle.ts';
import { BOB, type Env, type Installation, install } from './opsagent.ts';
import { serveIn } from './serving.ts';

const Report = z.strictObject({
  ready: z.boolean(),
  checks: z.array(
    z.strictObject({
      check: z.string(),
      status: z.enum(['ok', 'warn', 'fail']),
      says: z.string().min(1),
      repair: z.string().min(1).optional(),
    }),
  ),
});

/** A host that tells the time, `aheadMs` wrong. */
async function hostWithClock(aheadMs: number): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ method, headers }, response) => {
    asked.push(`${method} ${JSON.stringify(headers)}`);
    response.sendDate = false;
    response.writeHead(404, { date: new Date(Date.now() + aheadMs).toUTCString() }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('opsagent readiness', function () {
  this.timeout(60_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });
  afterEach(() => {
    house.remove();
  });

  async function readiness(env: Env = {}) {
    const { code, stdout, stderr } = await house.run(['readiness', '--json'], env);
    const report = Report.parse(JSON.parse(stdout || stderr));
    const status = Object.fromEntries(report.checks.map((one) => [one.check, one.status]));
    const of = (name: string) => report.checks.find(({ check }) => check === name);
    return { code, report, status, of };
  }

  it('says how many programs have a key, and whose keys have all expired [O4, Q3]', async () => {
    const hash = (digit: string) => digit.repeat(64);
    const good = `ci: {roles: [engineer], keys: [{sha256: ${hash('a')}}]}\n`;
    writeFileSync(house.path('keys.yaml'), good);
    const { of } = await readiness({ API_KEYS_FILE: house.path('keys.yaml') });
    const late = `late: {roles: [viewer], keys: [{sha256: ${hash('b')}, expires: 2020-01-01}]}\n`;
    writeFileSync(house.path('keys.yaml'), `${good}${late}`);
    const { of: later } = await readiness({ API_KEYS_FILE: house.path('keys.yaml') });
    writeFileSync(house.path('keys.yaml'), 'ci: {roles: [admin], keys: []}');
    const { code, of: broken } = await readiness({ API_KEYS_FILE: house.path('keys.yaml') });

    expect(of('api keys')).to.include({ status: 'ok', says: 'programs with a key: 1' });
    expect(later('api keys')).to.deep.include({ status: 'warn' });
    expect(later('api keys')?.says).to.include('of late every key has expired');
    expect(broken('api keys')).to.include({ status: 'fail' });
    expect(code).to.equal(1);
  });

  it('finds nothing wrong with a fresh clone, and leaves nothing behind [O4]', async () => {
    const { code, report, status } = await readiness();

    expect(code).to.equal(0);
    expect(report.ready).to.equal(true);
    expect(status).to.deep.equal({
      ...{ configuration: 'ok', rules: 'ok', people: 'ok', policy: 'ok', store: 'ok', audit: 'ok', clock: 'ok' },
      outcomes: 'ok',
    });
    expect(existsSync(house.path('data'))).to.equal(false);
  });

  it('tells people line by line, and warns of a pause without failing [O4]', async () => {
    await house.ask('pause changes because of the move', { as: BOB });

    const { code, stdout } = await house.run(['readiness']);

    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^ok {4}store /m)
      .and.to.match(/^warn {2}audit .*paused by Bob.*the move/m);
    expect(stdout).to.match(/^ {6}→ Say resume changes/m);
  });

  it('is not ready with an audit chain that was tampered with, and names the first bad record [O4, A2]', async () => {
    await house.ask('list ec2 instances');
    const db = new Database(house.path('data/ops.db'));
    db.exec(`UPDATE records SET body = replace(body, 'alice', 'mallory') WHERE kind = 'audit'`);
    db.close();

    const { code, report, status, of } = await readiness();

    expect({ code, ready: report.ready, audit: status.audit }).to.deep.equal({ code: 1, ready: false, audit: 'fail' });
    expect(of('audit')?.says).to.match(/^record \d+.* is bad: its content is not what was written$/);
    expect(of('audit')?.repair).to.include('docs/runbook.md');
  });

  it('works on a store that is no file, by a row of its own [O4]', async () => {
    const { code, status } = await readiness({ STORE: 'sqlite::memory:' });

    expect({ code, store: status.store, audit: status.audit }).to.deep.equal({ code: 0, store: 'ok', audit: 'ok' });
  });

  it('names a people file nobody can use, a store that is no store, and a policy that pauses [O4, G2]', async () => {
    writeFileSync(house.path('people.yaml'), '');
    writeFileSync(house.path('policy.yaml'), 'changes: paused');
    writeFileSync(house.path('garbled.db'), 'x'.repeat(5_000));

    const { code, report, status, of } = await readiness({
      PEOPLE_FILE: house.path('people.yaml'),
      POLICY_FILE: house.path('policy.yaml'),
      STORE: `sqlite:${house.path('garbled.db')}`,
    });

    expect({ code, ready: report.ready }).to.deep.equal({ code: 1, ready: false });
    expect(status).to.include({ people: 'fail', policy: 'warn', store: 'fail', audit: 'fail' });
    expect(of('people')?.repair).to.include('PEOPLE_FILE');
    expect(of('store')?.says).to.include('not a database');
  });

  it('says what keeps changes from running, or the record from being signed, as a start would [O4, A2, G10]', async () => {
    writeFileSync(house.path('key.pem'), 'no key');
    const signed = { AUDIT_CHECKPOINTS: `file:${house.path('points')}`, AUDIT_SIGNING_KEY_FILE: house.path('key.pem') };
    mkdirSync(house.path('spool.jsonl'));
    const broken = await readiness({ ...signed, OUTCOME_SPOOL: house.path('spool.jsonl') });
    const { privateKey } = generateKeyPairSync('ed25519');
    chmodSync(house.path('key.pem'), 0o600);
    writeFileSync(house.path('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const spool = createOutcomeSpool(house.path('waiting.jsonl'));
    const outcome = { at: '2026-11-20T12:00:00Z', lines: [] };
    spool.add({ change_id: 'chg-1', fence: 1, sent: { state: 'succeeded', outcome } });
    const owing = await readiness({ ...signed, OUTCOME_SPOOL: house.path('waiting.jsonl') });

    expect([broken.code, broken.status['second place'], broken.status.outcomes]).to.deep.equal([1, 'fail', 'fail']);
    expect([owing.code, owing.status['second place'], owing.status.outcomes]).to.deep.equal([0, 'ok', 'warn']);
    expect(owing.of('second place')?.says).to.include('signatures of 1 key count');
    expect(owing.of('outcomes')?.says).to.include('chg-1');
  });

  it('is what the health of a running server says too, while it lets no change run [A6, G10]', async () => {
    mkdirSync(house.path('spool.jsonl'));
    const server = await serveIn(house, { OUTCOME_SPOOL: house.path('spool.jsonl') });

    const health = JSON.parse((await server.get('/health')).text);
    server.signal('SIGTERM');
    await server.ended;

    expect(health.status).to.equal('degraded');
    expect(health.dependencies.changes).to.deep.equal({ status: 'degraded' });
  });

  it('names a wrong key with its fix and ends with 2 [O3, O4]', async () => {
    const { code, stderr } = await house.run(['readiness'], { PORT: 'http' });

    expect(code).to.equal(2);
    expect(stderr).to.include('PORT is "http"');
  });

  it('asks AWS who it is, Slack whose token it has, and compares the clock [O4]', async () => {
    const [oracle, slack] = await Promise.all([startOracle(house.path('aws.jsonl'), 0), startSlackApi()]);
    writeFileSync(house.path('people.yaml'), 'Bob: {email: bob@example.com, roles: [ops-lead]}');

    const { code, status, of } = await readiness({
      ...{ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
      ...{ AWS_ENDPOINT_URL: oracle.url, PEOPLE_FILE: house.path('people.yaml') },
      ...{ SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: slack.apiUrl },
    });
    const methods = slack.calls.map(({ method }) => method);
    await Promise.all([oracle.stop(), slack.close()]);

    expect(code).to.equal(0);
    expect(status).to.include({ aws: 'ok', slack: 'ok', clock: 'ok', people: 'warn' });
    expect(of('aws')?.says).to.match(/^account \d{12}, eu-west-1$/);
    expect(of('slack')?.says).to.include(team);
    expect(methods).to.deep.equal(['auth.test']);
  });

  it('says what to repair where Slack refuses the token and where nothing answers [O4, A5]', async () => {
    const slack = await startSlackApi();
    slack.fails(/auth\.test/, 9, { error: 'invalid_auth' });

    const { code, report, of } = await readiness({
      ...{ SLACK_BOT_TOKEN: 'xoxb-0000-this-is-secret', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: slack.apiUrl },
      ...{ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'sk-ant-secret' },
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    });
    await slack.close();

    expect(code).to.equal(1);
    expect(of('slack')).to.include({ status: 'fail' });
    expect(of('slack')?.repair).to.match(/SLACK_BOT_TOKEN/);
    expect(of('model')).to.include({ status: 'fail', says: '127.0.0.1:9 does not answer.' });
    expect(JSON.stringify(report)).not.to.match(/this-is-secret|sk-ant/);
  });

  it('asks Redis, and only warns where it is lost, hangs or wants another password, which is not shown [O4, O5, A5]', async function () {
    const redis = await redisServer(this);
    const url = redis.url.replace('//', '//:not-the-password@');
    const look = async (REDIS_URL: string) => {
      const { code, report, of } = await readiness({ REDIS_URL });
      expect(JSON.stringify(report)).not.to.include('not-the-password');
      return { code, status: of('redis')?.status, says: of('redis')?.says };
    };

    const well = await look(redis.url);
    await redis.by((client) => client.config('SET', 'requirepass', 'another'));
    const refused = await look(url);
    redis.signal('SIGSTOP');
    const hanging = await look(url);
    redis.signal('SIGCONT');
    await redis.stop();
    const lost = await look(url);

    expect(well).to.include({ code: 0, status: 'ok' });
    for (const { code, status } of [refused, hanging, lost])
      expect({ code, status }).to.deep.equal({ code: 0, status: 'warn' });
    expect(refused.says).to.include('WRONGPASS');
    expect(lost.says).to.include('ECONNREFUSED');
  });

  const clocks: [aheadMs: number, status: string, code: number][] = [
    [2_000, 'ok', 0],
    [-40_000, 'warn', 0],
    [40_000, 'warn', 0],
    [400_000, 'fail', 1],
  ];
  for (const [aheadMs, status, code] of clocks)
    it(`says ${status} of a clock that another host is ${aheadMs} ms ahead of, and spends no token of the model [O4]`, async () => {
      const { server, url, asked } = await hostWithClock(aheadMs);

      const seen = await readiness({
        ...{ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'sk-ant-secret' },
        ANTHROPIC_BASE_URL: url,
      });
      server.close();

      expect(seen.status.model).to.equal('ok');
      expect({ status: seen.status.clock, code: seen.code }).to.deep.equal({ status, code });
      expect(asked.every((one) => one.startsWith('HEAD ') && !one.includes('sk-ant'))).to.equal(true);
    });

  it('fails where Entra gives no token for Teams, and does not show the password [O4, A5]', async () => {
    const noWayOut = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:9' };
    const id = '00000000-0000-0000-0000-000000000000';

    const { code, report, of } = await readiness({
      ...noWayOut,
      ...{ MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: 'not~a~password', MICROSOFT_APP_TENANT_ID: id },
    });

    expect(code).to.equal(1);
    expect(of('teams')).to.include({ status: 'fail' });
    expect(of('teams')?.repair).to.include('MICROSOFT_APP_PASSWORD');
    expect(JSON.stringify(report)).not.to.include('not~a~password');
  });
});
