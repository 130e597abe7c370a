import { once } from 'node:events';
import { expect } from 'chai';
import { systemClock } from '../../../lib/clock.ts';
import { type Log, silentLog } from '../../../lib/log.ts';
import type { Live } from '../../../store/live/live.ts';
import { createLocalHub } from '../../../store/live/local-live.ts';
import { openRedisLive } from '../../../store/live/redis-live.ts';
import { connectRedis } from '../../../store/redis-connection.ts';
import { eventually } from '../../e2e/record-of.ts';
import { type RedisPeer, redisServer } from '../../peers/redis.ts';
import { liveContract, numbered, untilHeard } from './live-contract.ts';

/** As a start does that loads its modules: nothing of this process runs meanwhile. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const hub = createLocalHub(silentLog);
liveContract('one process', async () => hub.join());

describe('hints between processes by Redis', function () {
  this.timeout(40_000);
  let redis: RedisPeer;
  let first: Live;
  let second: Live;
  let heard: number[];
  let warnings: string[];
  let losses: number;

  const onLost = () => {
    losses += 1;
  };
  const open = (log: Log = silentLog, namespace = 'here'): Live =>
    openRedisLive({ url: redis.url, namespace, clock: systemClock, log, onLost });

  before(async function () {
    redis = await redisServer(this);
  });

  after(async () => {
    await redis?.stop();
  });

  beforeEach(async () => {
    losses = 0;
    warnings = [];
    heard = [];
    first = open({ ...silentLog, warn: (_facts, message) => void warnings.push(message) });
    second = open();
    second.subscribe(numbered, ({ n }) => void heard.push(n));
    await untilHeard(first, heard);
    losses = 0;
  });

  afterEach(async () => {
    await Promise.all([first?.close(), second?.close()]);
  });

  liveContract('Redis', async () => open());

  it('ignores what is not a message of ours, and what belongs to another installation [G11]', async () => {
    const channel = 'opsagent:here:numbered:v1';
    const hostile = [
      'x',
      '{}',
      'null',
      '[]',
      '{"from":"a","body":{"n":"1"}}',
      '{"from":"a","body":{"n":1,"more":true}}',
      '{"from":"a","body":{"n":1},"v":2}',
      '{"__proto__":{"n":1},"body":{"n":1}}',
      JSON.stringify({ from: 'a', body: { n: 1 }, pad: 'x'.repeat(2_000_000) }),
      `{"from":"a","body":{"n":1}}${' '.repeat(2_000)}`,
    ];
    const other = open(silentLog, 'elsewhere');
    await systemClock.sleep(200);

    await redis.by(async (client) => {
      for (const text of hostile) await client.publish(channel, text);
      await client.publish(channel, JSON.stringify({ from: 'a', body: { n: 7 } }));
    });
    other.publish(numbered, { n: 8 });
    await eventually(
      async () => heard,
      ({ length }) => length > 0,
      5_000,
    );
    await systemClock.sleep(200);
    await other.close();

    expect(heard).to.deep.equal([7]);
    expect(warnings).to.deep.equal([]);
  });

  it('says once that Redis is lost, has who listens look for themselves, and hears again when it is back [G11, A6]', async () => {
    const looked: number[] = [];
    second.onGap(() => void looked.push(performance.now()));

    await redis.kill();
    for (const n of [1, 2, 3]) first.publish(numbered, { n });
    await systemClock.sleep(4_500);
    const whileLost = looked.length;
    await redis.start();
    await eventually(
      async () => looked.length,
      (count) => count > whileLost,
      10_000,
    );
    await untilHeard(first, heard);

    expect(whileLost).to.be.within(1, 3);
    expect(heard).to.deep.equal([]);
    expect(losses).to.equal(2);
    expect(warnings).to.deep.equal(['Redis is lost: other processes are heard of more slowly']);
  });

  it('takes Redis for lost when Redis does not answer, and not when its own process stood still [G11, A6]', async () => {
    const answering = connectRedis(redis.url, onLost);
    await once(answering, 'ready');

    const ping = answering.ping();
    first.subscribe(numbered, () => undefined);
    standStill(700);
    const pong = await ping;
    await systemClock.sleep(100);
    const states = [first.state(), second.state()];
    answering.disconnect();

    expect(pong).to.equal('PONG');
    expect(states).to.deep.equal(['connected', 'connected']);
    expect(warnings).to.deep.equal([]);
  });

  it('waits for nothing while Redis hangs, and hears again afterwards [G11, A6]', async () => {
    redis.signal('SIGSTOP');

    const began = performance.now();
    for (let n = 1; n <= 100; n += 1) first.publish(numbered, { n });
    const ms = performance.now() - began;
    await eventually(
      async () => warnings,
      ({ length }) => length > 0,
      6_000,
    );
    const closing = performance.now();
    const third = open();
    await systemClock.sleep(100);
    await third.close();
    const closedIn = performance.now() - closing;
    redis.signal('SIGCONT');
    await untilHeard(first, heard);

    expect(ms).to.be.below(100);
    expect(closedIn).to.be.below(1_000);
    expect(warnings).to.have.length(1);
  });
});
