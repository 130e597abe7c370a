import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { aCommand, aPress } from '../adapters/slack/payloads.ts';
import {
  type SignedRequest,
  send,
  signedForm,
  signedInteraction,
  signingSecret,
} from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken, channel, team } from '../adapters/slack/slack-world.ts';
import { type RedisPeer, redisServer } from '../peers/redis.ts';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const PEOPLE = `Alice: {email: alice@example.com, roles: [engineer]}
Bob: {email: bob@example.com, roles: [ops-lead]}
Dave: {email: dave@example.com, roles: [senior-engineer]}`;
const POLICY = `limits: {per_hour: 1000000, concurrent: 20, cooldown_minutes: 0, pending_per_person: 100}
routes: {'#ops': ['slack:${team}/${channel}']}`;
/** Changes under way at a time, and the pause after each: steady, and fewer in all than one page of a list. */
const LANES = 3;
const PAUSE_MS = 300;
/** As a proxy does: those it has just sent on are heard before it takes a server away. */
const DRAIN_MS = 250;

describe('two web processes and two workers that are replaced in turn while Slack goes on', function () {
  this.timeout(120_000);
  let redis: RedisPeer;
  let slack: SlackApi;
  let oracle: Oracle;
  let house: Installation;
  let store: Store;
  const started: Serving[] = [];

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
  });

  after(async () => {
    for (const { signal } of started) signal('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await store?.close();
    await oracle?.stop();
    await slack?.close();
    await redis?.stop();
    house?.remove();
  });

  const start = async (ROLE: 'web' | 'worker'): Promise<Serving> => {
    const serving = await serveIn(house, { ROLE });
    started.push(serving);
    return serving;
  };
  const changes = async () =>
    (await store.query(approvalKind, { index: 'by_update', partition: 'all', limit: 200 })).rows;
  const changeOf = async (instance: string) =>
    (await changes()).find(({ value }) => value.plan.targets.some(({ arn }) => arn.endsWith(instance)));

  it('lose no request, execute each change once, and leave none [O5, G10, C1]', async () => {
    const webs = [await start('web'), await start('web')];
    const workers = [await start('worker'), await start('worker')];
    store = await openStore(house.env.STORE ?? '', { clock: systemClock, log: silentLog });
    let turn = 0;
    /** The proxy's next one of those that are not being taken away. */
    const next = (): Serving => webs[turn++ % webs.length] ?? raise();
    const statuses: number[] = [];
    const lost: string[] = [];
    const told = (instance: string) =>
      slack.world.messages.filter(({ text }) => text.includes(instance)).map(({ text }) => text);
    const deliver = async (request: SignedRequest) => {
      statuses.push((await send(next().port, request)).status);
    };
    const oneChange = async (instance: string) => {
      await deliver(signedForm(aCommand(`ec2 reboot ${instance} because it hangs`)));
      const row = await eventually(() => changeOf(instance), Boolean, 10_000);
      if (!row) return void lost.push(instance, ...told(instance));
      const value = JSON.stringify({ approvalId: row.id, digest: row.value.digest });
      const press = (who: string) => signedInteraction(aPress({ action_id: 'decide:approve', value }, {}, who));
      await Promise.all(['U0BOB', 'U0DAVE'].map((who) => deliver(press(who))));
    };
    const instances: string[] = [];
    let rolling = true;
    const lane = async () => {
      while (rolling) {
        const instance = `i-0${instances.length.toString(16).padStart(14, '0')}00`;
        instances.push(instance);
        await oneChange(instance);
        await systemClock.sleep(PAUSE_MS);
      }
    };
    const talking = Promise.all(Array.from({ length: LANES }, lane));

    const codes: (number | null)[] = [];
    for (const [role, group] of [
      ['web', webs],
      ['worker', workers],
    ] as const)
      for (let place = 0; place < 2; place += 1) {
        const replacement = await start(role);
        const [old] = group.splice(place, 1, replacement);
        await systemClock.sleep(DRAIN_MS);
        old?.signal('SIGTERM');
        codes.push((await old?.ended)?.code ?? null);
      }
    rolling = false;
    await talking;
    const states = await eventually(
      async () => (await changes()).map(({ value }) => value.state),
      (all) => all.every((state) => state === 'succeeded'),
      30_000,
    );
    const audit = await house.run(['audit', 'verify']);

    const reboots = oracle.reboots().map(({ id }) => id);
    process.stderr.write(
      `        ${instances.length} changes, ${statuses.length} requests, ${reboots.length} reboots\n`,
    );
    expect(codes).to.deep.equal([0, 0, 0, 0]);
    expect(instances.length).to.be.within(10, 199);
    expect(lost).to.deep.equal([]);
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
    expect(statuses).to.have.length(instances.length * 3);
    expect(states).to.deep.equal(instances.map(() => 'succeeded'));
    expect(reboots.sort()).to.deep.equal(instances);
    expect(audit.code).to.equal(0);
  });
});

function raise(): never {
  throw new Error('no server takes requests');
}
