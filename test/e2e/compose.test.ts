import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { composeFile } from '../deploy/compose-file.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { type RedisPeer, redisServer } from '../peers/redis.ts';
import { ALICE, BOB, type Ended, type Env, type Installation, install } from './opsagent.ts';
import { eventually, recordOf } from './record-of.ts';
import { pressOf, type Serving, serveIn } from './serving.ts';

const { ours } = composeFile('compose.yaml');

/** What Redis has of calls, one count a person. */
const counted = (redis: RedisPeer) =>
  redis.by(async (client) => {
    const keys = await client.keys('opsagent:*:rate:call:*');
    return Promise.all(keys.map((key) => client.get(key)));
  });

/** No container engine here: the processes of deploy/compose.yaml, with its commands and environments, and only addresses of this run. */
describe('the processes of deploy/compose.yaml', function () {
  this.timeout(120_000);
  let redis: RedisPeer;
  let aws: Moto;
  let house: Installation;
  let created: Ended;
  const running = new Map<string, Serving>();

  const envOf = (service: string): Env => ({
    ...ours[service]?.environment,
    REDIS_URL: redis.url,
    AWS_ENDPOINT_URL_DYNAMODB: aws.url,
    PORT: '0',
  });
  const of = (service: string): Serving => {
    const serving = running.get(service);
    if (!serving) throw new Error(`${service} does not run`);
    return serving;
  };

  before(async function () {
    redis = await redisServer(this);
    aws = await moto(this);
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: aws.url, AWS_REGION: 'eu-west-1' });
    house = install();
    created = await house.run(ours.store?.command?.slice(2) ?? [], envOf('store'));
    const names = Object.keys(ours).filter((name) => ours[name]?.healthcheck);
    for (const name of names) {
      // The image's own, which is to serve.
      expect(ours[name]?.command).to.equal(undefined);
      running.set(name, await serveIn(house, envOf(name)));
    }
  });

  after(async () => {
    for (const { signal } of running.values()) signal('SIGKILL');
    await Promise.all([...running.values()].map(({ ended }) => ended));
    await Promise.all([redis?.stop(), aws?.stop()]);
    for (const key of ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_REGION']) delete process.env[key];
    house?.remove();
  });

  it('are two that people reach and two that work, on a table that one command made, and one may be made again [O4, G10]', async () => {
    const again = await house.run(ours.store?.command?.slice(2) ?? [], envOf('store'));

    const pages = await Promise.all([...running].map(async ([name, { get }]) => [name, (await get('/')).status]));

    expect([created.code, again.code], created.stderr).to.deep.equal([0, 0]);
    expect(Object.fromEntries(pages)).to.deep.equal({ 'web-1': 200, 'web-2': 200, 'worker-1': 404, 'worker-2': 404 });
  });

  it('count together how often somebody calls [Q4, O5]', async () => {
    await of('web-1').turn(ALICE, { text: 'help' });
    const before = await counted(redis);
    await of('web-2').turn(ALICE, { text: 'help' });

    expect(before).to.have.length(1);
    expect(Number((await counted(redis))[0])).to.be.greaterThan(Number(before[0]));
  });

  it('are each found well by the check of their health, Redis included [O4, A6]', async () => {
    const checks = await Promise.all(
      [...running].map(([name, { port }]) =>
        house.run(ours[name]?.healthcheck?.test.slice(3) ?? [], { ...envOf(name), PORT: String(port) }),
      ),
    );

    const health = await Promise.all([...running.values()].map(({ get }) => get('/health')));

    expect(
      checks.map(({ code }) => code),
      checks.map(({ stdout }) => stdout).join('\n'),
    ).to.deep.equal([0, 0, 0, 0]);
    for (const { text } of health)
      expect(JSON.parse(text)).to.deep.include({ status: 'ok' }).and.to.have.nested.property('dependencies.redis');
  });

  it('execute once what was asked at one and approved at the other, and end on SIGTERM [G10, O5]', async () => {
    const { sickInstance } = known;
    await of('web-1').turn(ALICE, { text: `reboot ${sickInstance}` });
    const [card] = await of('web-2').approvals(BOB, 'pending');
    if (!card) throw new Error('nothing is pending');
    const pressed = await of('web-2').turn(BOB, pressOf(card, 'approve'), '#ops');
    const decided = await eventually(
      () => of('web-1').approvals(BOB, 'decided'),
      ([one]) => one?.state === 'succeeded',
      20_000,
    );
    const { done } = await recordOf(ours['web-1']?.environment.STORE ?? '', card.approvalId);
    const audit = await house.run(['audit', 'verify'], envOf('worker-1'));

    for (const { signal } of running.values()) signal('SIGTERM');
    const codes = (await Promise.all([...running.values()].map(({ ended }) => ended))).map(({ code }) => code);

    expect(pressed).to.include({ outcome: 'done', approvalId: card.approvalId });
    expect(decided.map(({ approvalId, state }) => ({ approvalId, state }))).to.deep.equal([
      { approvalId: card.approvalId, state: 'succeeded' },
    ]);
    expect(done).to.have.length(1);
    expect(audit.code, audit.stdout).to.equal(0);
    expect(codes).to.deep.equal([0, 0, 0, 0]);
  });
});
