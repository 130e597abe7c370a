import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { type EventStream, openEvents } from '../adapters/web/event-stream.ts';
import { type RedisPeer, redisServer } from '../peers/redis.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { pressOf, type Serving, serveIn } from './serving.ts';

const { sickInstance, healthyInstance } = known;

/** A change that was decided at one process is on the screens of another within this. */
const SHOWN_MS = 200;
/** While Redis is lost, a process looks for itself this often, and it takes a moment to notice. */
const LOOKED_MS = 5_000;

describe('several processes on one store with Redis', function () {
  this.timeout(60_000);
  let redis: RedisPeer;
  let house: Installation;
  let servers: Serving[];

  before(async function () {
    redis = await redisServer(this);
  });

  after(async () => {
    await redis?.stop();
  });

  beforeEach(() => {
    house = install({ REDIS_URL: redis.url });
    house.env.POLICY_FILE = house.path('policy.yaml');
    writeFileSync(house.env.POLICY_FILE, 'limits: {cooldown_minutes: 0, per_hour: 100}\n');
    servers = [];
  });

  afterEach(async () => {
    redis.signal('SIGCONT');
    await redis.kill();
    await redis.start();
    for (const server of servers) server.signal('SIGKILL');
    await Promise.all(servers.map(({ ended }) => ended));
    house.remove();
  });

  const serve = async (env?: Record<string, string>): Promise<Serving> => {
    const server = await serveIn(house, env);
    servers.push(server);
    return server;
  };

  const shows = ({ seen }: EventStream, state: string, id?: string) =>
    seen.some(
      ({ event, data: { view } }) =>
        event === 'message' &&
        view?.kind === 'approval' &&
        view.state === state &&
        (id === undefined || view.approvalId === id),
    );

  /** Bob approves at `at`; ms from its end on the screen of that process to its end on the other; undefined when it takes over 5 s. */
  async function approveAndWatch(at: Serving, own: EventStream, other: EventStream): Promise<number | undefined> {
    const [card] = await eventually(
      () => at.approvals(BOB, 'pending'),
      (cards) => cards.length > 0,
      10_000,
    );
    if (!card) throw new Error('nothing is pending');
    // Whoever watches has seen the question; without Redis the other screen never does.
    await eventually(async () => shows(other, 'pending', card.approvalId), Boolean, 3_000);
    void at.turn(BOB, pressOf(card, 'approve'), '#ops');
    const ends = [own, other].map(async (stream) => {
      const until = performance.now() + LOOKED_MS;
      while (!shows(stream, 'succeeded', card.approvalId) && performance.now() < until) await systemClock.sleep(2);
      return shows(stream, 'succeeded', card.approvalId) ? performance.now() : undefined;
    });
    const [here, there] = await Promise.all(ends);
    return here !== undefined && there !== undefined ? Math.max(0, there - here) : undefined;
  }

  const bothScreens = async (first: Serving, second: Serving) => {
    const streams = await Promise.all([first, second].map(({ port }) => openEvents(port, '#ops', BOB)));
    await systemClock.sleep(1_000);
    return streams as [EventStream, EventStream];
  };

  it('show what one of them decided on the screens of the other at once [G11]', async () => {
    const lags: Record<string, (number | undefined)[]> = { with: [], without: [] };

    for (const [name, url] of Object.entries({ with: redis.url, without: '' })) {
      const [first, second] = await Promise.all([serve({ REDIS_URL: url }), serve({ REDIS_URL: url })]);
      const [own, other] = await bothScreens(first, second);
      for (const instance of [sickInstance, healthyInstance]) {
        await first.turn(ALICE, { text: `reboot ${instance}` });
        lags[name]?.push(await approveAndWatch(first, own, other));
      }
      for (const server of servers.splice(0)) {
        server.signal('SIGTERM');
        expect((await server.ended).code).to.equal(0);
      }
    }

    process.stderr.write(`        ms later on the other screen: ${JSON.stringify(lags)}\n`);
    expect(lags.with?.map((ms) => ms !== undefined && ms < SHOWN_MS)).to.deep.equal([true, true]);
  });

  it('keep the token and what only one person may read from the screens of others [G5, C8]', async () => {
    const [first, second] = await Promise.all([serve(), serve()]);
    const own = await openEvents(second.port, 'me', ALICE);
    const channel = await openEvents(second.port, '#ops', ALICE);
    await systemClock.sleep(1_000);

    await first.turn(ALICE, { text: `reboot ${sickInstance}` });
    await eventually(async () => shows(own, 'pending'), Boolean, 5_000);
    const [card] = await first.approvals(BOB, 'pending');
    await first.turn('carol@example.com', pressOf(card ?? raise(), 'approve'), '#ops');
    await systemClock.sleep(1_000);

    expect(shows(own, 'pending')).to.equal(true);
    expect(shows(channel, 'pending')).to.equal(true);
    expect(JSON.stringify([own.seen, channel.seen])).not.to.include('approve-');
    expect(JSON.stringify(channel.seen)).not.to.include('refusal');
  });

  it('show it a little later while Redis is lost, and at once again when it is back, empty [G11, O5]', async () => {
    const [first, second] = await Promise.all([serve(), serve()]);
    const [own, other] = await bothScreens(first, second);
    await redis.kill();

    await first.turn(ALICE, { text: `reboot ${sickInstance}` });
    const lost = await approveAndWatch(first, own, other);
    await redis.start();
    await systemClock.sleep(6_000);
    await first.turn(ALICE, { text: `reboot ${healthyInstance}` });
    const back = await approveAndWatch(first, own, other);

    process.stderr.write(`        ${lost} ms while lost, ${back} ms when back\n`);
    expect(lost).to.be.below(LOOKED_MS);
    expect(back).to.be.below(SHOWN_MS);
  });

  it('start, answer and end as quickly while Redis takes connections and answers nothing [O5, A6]', async () => {
    const first = await serve();
    const ask = async () => {
      const began = performance.now();
      await first.turn(ALICE, { text: `how is ${sickInstance} doing?` });
      return performance.now() - began;
    };
    await ask();
    const before = [await ask(), await ask(), await ask()];
    const well = JSON.parse((await first.get('/health')).text);

    redis.signal('SIGSTOP');
    const hanging = [];
    for (let n = 0; n < 20; n += 1) hanging.push(await ask());
    const second = await serve();
    const [health, ready] = await Promise.all(['/health', '/ready'].map((path) => second.get(path)));
    const asked = performance.now();
    for (const server of [first, second]) server.signal('SIGTERM');
    const ends = await Promise.all([first.ended, second.ended]);
    const endedMs = performance.now() - asked;

    const slowest = Math.max(...hanging);
    process.stderr.write(
      `        turns ${Math.max(...before)} ms before, at most ${slowest} ms while it hangs; ended in ${endedMs} ms\n`,
    );
    expect(slowest).to.be.below(Math.max(...before) + 300);
    expect([health?.status, ready?.status, ready?.text]).to.deep.equal([200, 200, '{"ready":true}']);
    expect(well).to.deep.include({ status: 'ok' }).and.to.have.nested.property('dependencies.redis.status', 'ok');
    expect(JSON.parse(health?.text ?? '')).to.have.nested.property('dependencies.redis.status', 'degraded');
    expect(ends.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(endedMs).to.be.below(3_000);
  });

  it('do each round once among three workers, who answer nobody but monitoring, and end on SIGTERM [O5, A6]', async () => {
    const workers = await Promise.all([1, 2, 3].map(() => serve({ ROLE: 'worker' })));
    const web = await serve({ ROLE: 'web' });
    const count = async (server: Serving) =>
      Number(/^opsagent_sweeps_total (\d+)/m.exec((await server.get('/metrics')).text)?.[1]);
    const sum = async () => (await Promise.all(workers.map(count))).reduce((all, one) => all + one, 0);

    await systemClock.sleep(2_000);
    const before = await sum();
    await systemClock.sleep(20_000);
    const rounds = (await sum()) - before;
    const [page, events, health] = await Promise.all(
      ['/', '/api/events?as=alice@example.com', '/health'].map((path) => workers[0]?.get(path)),
    );
    const swept = await count(web);
    for (const server of servers) server.signal('SIGTERM');
    const ends = await Promise.all(servers.map(({ ended }) => ended));

    expect(rounds).to.be.within(3, 5);
    expect([page?.status, events?.status, health?.status]).to.deep.equal([404, 404, 200]);
    expect(swept).to.equal(0);
    expect(ends.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
  });
});

function raise(): never {
  throw new Error('nothing is pending');
}
