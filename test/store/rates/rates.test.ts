import { expect } from 'chai';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { createLocalRates } from '../../../store/rates/local-rates.ts';
import type { Rate, Rates } from '../../../store/rates/rates.ts';
import { openRedisRates } from '../../../store/rates/redis-rates.ts';
import { eventually } from '../../e2e/record-of.ts';
import { type RedisPeer, redisServer } from '../../peers/redis.ts';
import { silentNetwork } from '../silent-network.ts';

const SIZE = { name: 'call', perMinute: 4, burst: 2 };
const ALICE = 'alice@example.com';

/** How many of so many calls go on. */
async function through(rate: Rate, key: string, times: number): Promise<number> {
  let count = 0;
  for (let time = 0; time < times; time += 1) if ((await rate.take(key)) === undefined) count += 1;
  return count;
}

describe('how often somebody may call, in one process', () => {
  it('takes what a minute and a burst allow of each key, and says how long to wait [Q4]', async () => {
    const rate = createLocalRates().open(SIZE);

    expect([await through(rate, ALICE, 9), await through(rate, 'bob@example.com', 9)]).to.deep.equal([6, 6]);
    expect(await rate.take(ALICE)).to.be.within(1, 60);
  });
});

describe('how often somebody may call, in several processes with Redis', function () {
  this.timeout(40_000);
  let redis: RedisPeer;
  let opened: Rates[];
  let warnings: string[];
  let losses: number;

  const log = { ...silentLog, warn: (_facts: unknown, message: string) => void warnings.push(message) };
  const untilCounted = (rate: Rate, keys = '*') =>
    eventually(
      async () => {
        await rate.take('somebody');
        return redis.by((client) => client.keys(keys));
      },
      ({ length }) => length > 0,
      10_000,
    );
  const startProcess = async ({ namespace = 'here', url = redis.url, clock = systemClock } = {}): Promise<Rate> => {
    const onLost = () => {
      losses += 1;
    };
    const rates = openRedisRates({ url, namespace, clock, log, onLost });
    opened.push(rates);
    const rate = rates.open(SIZE);
    // Until it is connected it counts for itself.
    await untilCounted(rate, `opsagent:${namespace}:*`);
    return rate;
  };

  const connections = () =>
    redis.by(async (client) => Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]));

  before(async function () {
    redis = await redisServer(this);
  });
  after(async () => {
    await redis?.stop();
  });
  beforeEach(() => {
    opened = [];
    warnings = [];
    losses = 0;
  });
  afterEach(async () => {
    for (const rates of opened) rates.close();
    await redis.by((client) => client.flushall());
  });

  it('is one count for all of them, of each key, and none for another installation [Q4, O5]', async () => {
    const [one, two, elsewhere] = [
      await startProcess(),
      await startProcess(),
      await startProcess({ namespace: 'elsewhere' }),
    ];
    const both = (await through(one, ALICE, 3)) + (await through(two, ALICE, 9));

    expect(both).to.equal(6);
    expect(await two.take(ALICE)).to.be.within(1, 60);
    expect([await through(one, 'bob@example.com', 9), await through(elsewhere, ALICE, 9)]).to.deep.equal([6, 6]);
    expect(losses).to.equal(0);
  });

  it('names nobody in Redis, and leaves nothing there that does not end [E9, Q4]', async () => {
    const rate = await startProcess();
    await through(rate, ALICE, 9);

    const found = await redis.by(async (client) => {
      const keys = await client.keys('*');
      return Promise.all(keys.map(async (key) => ({ key, seconds: await client.ttl(key) })));
    });

    expect(found.filter(({ key }) => key.includes('alice'))).to.deep.equal([]);
    expect(found.length).to.be.greaterThan(0);
    for (const { seconds } of found) expect(seconds).to.be.within(1, 600);
  });

  it('is half as much in each while Redis is gone, said once, and one count again when it is back [Q4, O5]', async () => {
    const rate = await startProcess();
    await redis.kill();
    await eventually(
      async () => losses,
      (count) => count > 0,
      5_000,
    );
    const alone = await through(rate, ALICE, 9);
    await redis.start();
    await untilCounted(rate);

    expect(alone).to.equal(3);
    expect(await through(rate, ALICE, 9)).to.equal(6);
    expect([losses, warnings.length]).to.deep.equal([1, 1]);
  });

  it('waits for a Redis that hangs a tenth of a second, counts that call itself, and does not wait with the next [Q4, O5]', async () => {
    const rate = await startProcess();
    redis.signal('SIGSTOP');
    const began = performance.now();
    let went = await through(rate, ALICE, 1);
    const first = performance.now() - began;
    went += await through(rate, ALICE, 9);
    const others = performance.now() - began - first;
    redis.signal('SIGCONT');

    expect(went).to.equal(3);
    expect(first).to.be.lessThan(400);
    expect(others).to.be.lessThan(300);
  });

  it('is one count again after a connection that went silent, as when a machine is lost [Q4, O5]', async () => {
    const network = await silentNetwork(Number(new URL(redis.url).port));
    const rate = await startProcess({ url: network.url });
    network.silence();
    const alone = await through(rate, ALICE, 9);
    await redis.by((client) => client.flushall());
    await untilCounted(rate);

    expect([alone, await through(rate, ALICE, 9)]).to.deep.equal([3, 6]);
    await network.stop();
  });

  it('leaves a Redis that refuses alone for two seconds, also by a clock that is set back [Q4, O5]', async () => {
    let behindMs = 0;
    const rate = await startProcess({ clock: { ...systemClock, now: () => Date.now() - behindMs } });
    await redis.by((client) => client.config('SET', 'maxmemory', '1'));
    const before = await connections();
    for (let call = 0; call < 8; call += 1) {
      await rate.take('somebody');
      await systemClock.sleep(100);
    }
    const made = (await connections()) - before;
    const alone = await through(rate, ALICE, 9);
    await redis.by((client) => client.config('SET', 'maxmemory', '0'));
    behindMs = 3_600_000;
    const together = await through(rate, 'bob@example.com', 9);

    expect([alone, together]).to.deep.equal([3, 6]);
    // One is the test's own look, one the new connection.
    expect(made).to.be.at.most(3);
  });

  it('begins anew when Redis was emptied, and stays a limit [Q4, O5]', async () => {
    const rate = await startProcess();
    const before = await through(rate, ALICE, 9);
    await redis.by((client) => client.flushall());

    expect([before, await through(rate, ALICE, 9), await through(rate, ALICE, 3)]).to.deep.equal([6, 6, 0]);
  });
});
