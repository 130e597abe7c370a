import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { aCommand, aPress } from '../adapters/slack/payloads.ts';
import { send, signedForm, signedInteraction, signingSecret } from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken, channel, team } from '../adapters/slack/slack-world.ts';
import { type RedisPeer, redisServer } from '../peers/redis.ts';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { BOB, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const CHANGES = 50;
const PEOPLE = `Alice: {email: alice@example.com, roles: [engineer]}
Bob: {email: bob@example.com, roles: [ops-lead]}
Dave: {email: dave@example.com, roles: [senior-engineer]}`;
const POLICY = `limits: {per_hour: 1000000, concurrent: 20, cooldown_minutes: 0, pending_per_person: 100}
routes: {'#ops': ['slack:${team}/${channel}']}`;

/** Two programs with Slack in front, one store, one Redis, and AWS as a process that keeps its own record. */
describe('changes of several processes while Redis is killed and emptied', function () {
  this.timeout(180_000);
  let redis: RedisPeer;
  let slack: SlackApi;
  let oracle: Oracle;
  let house: Installation;
  let servers: [Serving, Serving];
  let store: Store;

  before(async function () {
    redis = await redisServer(this);
    slack = await startSlackApi();
    house = install({
      ...{ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
      ...{ REDIS_URL: redis.url, SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: botToken },
      SLACK_SIGNING_SECRET: signingSecret,
    });
    oracle = await startOracle(house.path('aws.jsonl'), 10);
    const files = { PEOPLE_FILE: house.path('people.yaml'), POLICY_FILE: house.path('policy.yaml') };
    writeFileSync(files.PEOPLE_FILE, PEOPLE);
    writeFileSync(files.POLICY_FILE, POLICY);
    Object.assign(house.env, files, { AWS_ENDPOINT_URL: oracle.url });
    servers = [await serveIn(house), await serveIn(house)];
    store = await openStore(house.env.STORE ?? '', { clock: systemClock, log: silentLog });
  });

  after(async () => {
    for (const server of servers ?? []) server.signal('SIGTERM');
    await Promise.all((servers ?? []).map(({ ended }) => ended));
    await store?.close();
    await oracle?.stop();
    await slack?.close();
    await redis?.stop();
    house?.remove();
  });

  const leave = ({ signal, ended }: Serving) => {
    signal('SIGTERM');
    return ended;
  };
  const changes = async () => {
    const page = await store.query(approvalKind, { index: 'by_update', partition: 'all', limit: 200 });
    return page.rows;
  };
  const changeOf = async (instance: string) =>
    (await changes()).find(({ value }) => value.plan.targets.some(({ arn }) => arn.endsWith(instance)));

  /** What befalls Redis when so many changes were begun. */
  const faults: Readonly<Record<number, () => Promise<unknown>>> = {
    10: () => redis.by((client) => client.flushall()),
    20: () => redis.kill(),
    30: () => redis.start(),
    40: () => redis.by((client) => client.flushall()),
    45: async () => redis.signal('SIGSTOP'),
    48: async () => redis.signal('SIGCONT'),
  };

  it(`loses none of ${CHANGES} and executes each once, though both are asked to decide it [G8, G10]`, async () => {
    const instances = Array.from({ length: CHANGES }, (_, n) => `i-0${n.toString(16).padStart(14, '0')}00`);
    const [first, second] = servers;

    for (const [n, instance] of instances.entries()) {
      const fault = faults[n]?.();
      const answered = await send(first.port, signedForm(aCommand(`ec2 reboot ${instance} because it hangs`)));
      const row = await eventually(() => changeOf(instance), Boolean, 10_000);
      if (!row) {
        const told = slack.world.messages.filter(({ text }) => text.includes(instance)).map(({ text }) => text);
        throw new Error(`change ${n} was not proposed: ${answered.status} ${JSON.stringify(told)}`);
      }
      const value = JSON.stringify({ approvalId: row.id, digest: row.value.digest });
      const press = (who: string) => signedInteraction(aPress({ action_id: 'decide:approve', value }, {}, who));
      await Promise.all([send(second.port, press('U0BOB')), send(first.port, press('U0DAVE'))]);
      await fault;
    }
    const states = await eventually(
      async () => (await changes()).map(({ value }) => value.state),
      (all) => all.every((state) => state === 'succeeded'),
      30_000,
    );
    const audit = await house.run(['audit', 'verify']);

    const times = new Map<string, number>();
    for (const { id } of oracle.reboots()) times.set(id, (times.get(id) ?? 0) + 1);
    const count = (wanted: (n: number) => boolean) => instances.filter((id) => wanted(times.get(id) ?? 0)).length;
    process.stderr.write(`        ${count((n) => n === 0)} lost, ${count((n) => n > 1)} doubled of ${CHANGES}\n`);
    expect(states).to.deep.equal(Array.from({ length: CHANGES }, () => 'succeeded'));
    expect([count((n) => n === 0), count((n) => n > 1)]).to.deep.equal([0, 0]);
    expect(times.size).to.equal(CHANGES);
    expect(audit.code).to.equal(0);
  });

  it('execute once what a stopped process left approved, though three workers without Redis sweep it together [G10, O5]', async () => {
    const instance = 'i-00000000000ffff00';
    const { approval_token: token, text } = await house.ask(`reboot ${instance}`);
    if (token === undefined) throw new Error(text);
    await Promise.all(servers.map(leave));
    await house.run(['ask', '--json', '--as', BOB, `approve token:${token}`], { CRASH_AT: 'P5' });
    const left = (await changeOf(instance))?.value.state;
    await redis.kill();
    await systemClock.sleep(2_100);

    const workers = await Promise.all([1, 2, 3].map(() => serveIn(house, { ROLE: 'worker' })));
    const row = await eventually(
      () => changeOf(instance),
      (now) => now?.value.state === 'succeeded',
      15_000,
    );
    await Promise.all(workers.map(leave));

    expect([left, row?.value.state]).to.deep.equal(['approved', 'succeeded']);
    expect(oracle.reboots().filter(({ id }) => id === instance)).to.have.length(1);
  });
});
