import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { z } from 'zod';
import { systemClock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import { openBullQueue } from '../../../store/queue/bull-queue.ts';
import { createLocalQueue } from '../../../store/queue/local-queue.ts';
import { eventually } from '../../e2e/record-of.ts';
import { type RedisPeer, redisServer } from '../../peers/redis.ts';
import { Job, queueContract } from './queue-contract.ts';

const program = fileURLToPath(new URL('round-worker.ts', import.meta.url));
const Round = z.object({ at: z.number() });

queueContract('one process', async () => createLocalQueue({ clock: systemClock, log: silentLog }));

describe('rounds that several processes share by Redis', function () {
  this.timeout(60_000);
  const everyMs = 500;
  let redis: RedisPeer;
  let namespace: string;
  let workers: ChildProcess[];
  let rounds: { at: number; worker: number }[];

  const open = (where = namespace) =>
    openBullQueue({
      ...{ url: redis.url, namespace: where, name: 'rounds', schema: Job, clock: systemClock, log: silentLog },
      onLost: () => {},
    });

  const startWorker = async (): Promise<void> => {
    const child = fork(program, [redis.url, namespace, String(everyMs)]);
    const worker = workers.push(child);
    child.on('message', (message) => {
      const round = Round.safeParse(message);
      if (round.success) rounds.push({ at: round.data.at, worker });
    });
    await once(child, 'message');
  };

  /** Rounds within the next so many ms. */
  const roundsIn = async (ms: number) => {
    const from = Date.now();
    await systemClock.sleep(ms);
    return rounds.filter(({ at }) => at >= from && at < from + ms);
  };

  before(async function () {
    redis = await redisServer(this);
  });

  after(async () => {
    await redis?.stop();
  });

  beforeEach(() => {
    namespace = newId('test');
    workers = [];
    rounds = [];
  });

  afterEach(async () => {
    for (const worker of workers) {
      const gone = worker.exitCode !== null || worker.signalCode !== null;
      if (worker.connected) worker.disconnect();
      if (!gone) await once(worker, 'exit');
    }
  });

  queueContract('BullMQ', async () => open(newId('test')));

  it('are done once each by three workers, and go on when two of them are killed [G14, O5]', async () => {
    await Promise.all([startWorker(), startWorker(), startWorker()]);
    await eventually(
      async () => rounds.length,
      (count) => count > 2,
      10_000,
    );

    const shared = await roundsIn(10_000);
    for (const worker of workers.slice(0, 2)) worker.kill('SIGKILL');
    const alone = await roundsIn(4_000);

    expect(shared.length).to.be.within(18, 22);
    expect(alone.length).to.be.within(6, 9);
    expect(new Set(alone.map(({ worker }) => worker))).to.deep.equal(new Set([3]));
  });

  for (const fault of ['killed', 'hanging'] as const)
    it(`are done by each while Redis is ${fault}, and shared again once it is back, empty [G14, O5]`, async () => {
      await Promise.all([startWorker(), startWorker()]);
      await eventually(
        async () => rounds.length,
        (count) => count > 2,
        10_000,
      );

      if (fault === 'killed') await redis.kill();
      else redis.signal('SIGSTOP');
      await systemClock.sleep(2_500);
      const lost = await roundsIn(4_000);
      if (fault === 'killed') await redis.start();
      else redis.signal('SIGCONT');
      await redis.by((client) => client.flushall());
      await systemClock.sleep(8_000);
      const again = await roundsIn(5_000);

      const by = (worker: number) => lost.filter((round) => round.worker === worker).length;
      expect(
        [by(1), by(2)].every((count) => count >= 3),
        `each did its own: ${by(1)} and ${by(2)}`,
      ).to.equal(true);
      expect(again.length).to.be.within(8, 12);
    });

  it('come back by themselves after FLUSHALL [G14, O5]', async () => {
    await Promise.all([startWorker(), startWorker()]);
    await eventually(
      async () => rounds.length,
      (count) => count > 2,
      10_000,
    );

    await redis.by((client) => client.flushall());
    await systemClock.sleep(5_000);
    const again = await roundsIn(5_000);

    expect(again.length).to.be.within(8, 12);
  });

  it('leave jobs that are none of ours alone [G14]', async () => {
    const done: Job[] = [];
    const queue = open();
    queue.process(async (job) => void done.push(job));
    const other = openBullQueue({
      ...{ url: redis.url, namespace, name: 'rounds', schema: z.unknown(), clock: systemClock, log: silentLog },
      onLost: () => {},
    });

    for (const [index, hostile] of [{ n: 'x' }, null, [], 'text', { n: 1, more: 2 }].entries())
      await other.enqueue(`hostile-${index}`, hostile);
    await other.enqueue('good', { n: 5 });
    await eventually(
      async () => done,
      ({ length }) => length > 0,
      5_000,
    );
    await Promise.all([queue.close(), other.close()]);

    expect(done).to.deep.equal([{ n: 5 }]);
  });
});
