import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLog } from '../../lib/log.ts';
import { silentTelemetry } from '../../lib/telemetry.ts';
import type { House } from '../../main/compose.ts';
import { type Fleet, openFleet } from '../../main/fleet.ts';
import { eventually } from '../e2e/record-of.ts';
import { type RedisPeer, redisServer } from '../peers/redis.ts';
import { numbered, untilHeard } from '../store/live/live-contract.ts';

describe('fleets that share a Redis', function () {
  this.timeout(60_000);
  let redis: RedisPeer;
  let fleets: Fleet[];

  before(async function () {
    redis = await redisServer(this);
  });

  beforeEach(() => {
    fleets = [];
  });

  afterEach(async () => {
    await Promise.all(fleets.map((fleet) => fleet.close()));
  });

  after(async () => {
    await redis?.stop();
  });

  async function join(env: Record<string, string>): Promise<Fleet> {
    const config = loadConfig({ REDIS_URL: redis.url, ...env });
    const house = { config, clock: systemClock, log: silentLog, telemetry: silentTelemetry } as House;
    const fleet = await openFleet(house);
    fleets.push(fleet);
    return fleet;
  }

  const strangers: [what: string, ours: Record<string, string>, theirs: Record<string, string>][] = [
    ['of another file', { STORE: 'sqlite:data/ours.db' }, { STORE: 'sqlite:data/theirs.db' }],
    ['of another table', { STORE: 'dynamodb:ours' }, { STORE: 'dynamodb:theirs' }],
    [
      'of the same table in another Region',
      { STORE: 'dynamodb:ours', AWS_REGION: 'eu-west-1' },
      { STORE: 'dynamodb:ours', AWS_REGION: 'us-east-1' },
    ],
  ];
  for (const [what, ours, theirs] of strangers)
    it(`hear each other on one store, and nothing ${what} [O5, G11]`, async () => {
      const [one, other, stranger, friend] = [
        await join(ours),
        await join(ours),
        await join(theirs),
        await join(theirs),
      ];
      const [here, there]: [number[], number[]] = [[], []];
      other.live.subscribe(numbered, ({ n }) => void here.push(n));
      stranger.live.subscribe(numbered, ({ n }) => void there.push(n));
      await untilHeard(one.live, here);
      await untilHeard(friend.live, there);

      one.live.publish(numbered, { n: 1 });
      await eventually(
        async () => here,
        ({ length }) => length > 0,
        5_000,
      );
      friend.live.publish(numbered, { n: 2 });
      await eventually(
        async () => there,
        (heard) => heard.includes(2),
        5_000,
      );

      expect([here, there]).to.deep.equal([[1], [2]]);
    });

  it('do the rounds of their own store, however busy the other is [O5]', async () => {
    const done: string[] = [];
    const rounds = () => ['ours', 'theirs'].map((name) => done.filter((one) => one === name).length);

    for (const name of ['ours', 'theirs']) {
      const fleet = await join({ STORE: `sqlite:${name}.db` });
      await fleet.shareRounds(async () => void done.push(name));
    }
    // Two queues have done six rounds after 10 s; one queue for both would need 25.
    await eventually(
      async () => rounds(),
      (counts) => counts.every((count) => count >= 3),
      20_000,
    );

    for (const count of rounds()) expect(count).to.be.at.least(3);
  });
});
