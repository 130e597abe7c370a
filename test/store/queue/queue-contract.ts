import { expect } from 'chai';
import { z } from 'zod';
import { systemClock } from '../../../lib/clock.ts';
import type { Queue } from '../../../store/queue/queue.ts';
import { eventually } from '../../e2e/record-of.ts';

export const Job = z.strictObject({ n: z.number().int() });
export type Job = z.output<typeof Job>;

interface Tried {
  queue: Queue<Job>;
  done: { n: number; at: number }[];
}

const work =
  (tried: Tried) =>
  async ({ n }: Job) =>
    void tried.done.push({ n, at: Date.now() });
const doneAre = (tried: Tried, count: number) =>
  eventually(
    async () => tried.done,
    ({ length }) => length >= count,
    5_000,
  );

/** What every `Queue` promises. `open` gives an empty one; the suite closes it. */
export function queueContract(name: string, open: () => Promise<Queue<Job>>): void {
  describe(`the queue contract on ${name}`, function () {
    this.timeout(20_000);
    const tried = { done: [] } as unknown as Tried;

    beforeEach(async () => {
      tried.done = [];
      tried.queue = await open();
    });

    afterEach(async () => {
      await tried.queue.close();
    });

    jobContract(tried);
    roundContract(tried);
  });
}

function jobContract(tried: Tried): void {
  it('does what is handed in, once for an id that waits [G14]', async () => {
    tried.queue.process(work(tried));
    const notBefore = Date.now() + 300;

    await tried.queue.enqueue('a', { n: 1 }, { notBefore });
    await tried.queue.enqueue('a', { n: 2 }, { notBefore });
    await tried.queue.enqueue('b', { n: 3 });
    await doneAre(tried, 2);

    expect(tried.done.map(({ n }) => n)).to.deep.equal([3, 1]);
    expect(tried.done[1]?.at).to.be.at.least(notBefore - 5);
  });

  it('goes on after a job that failed, which is not tried again [G14]', async () => {
    let tries = 0;
    tried.queue.process(async (job) => {
      tries += 1;
      if (job.n === 1) throw new Error('meant to fail');
      await work(tried)(job);
    });

    await tried.queue.enqueue('a', { n: 1 });
    await tried.queue.enqueue('b', { n: 2 });
    await doneAre(tried, 1);
    await systemClock.sleep(200);

    expect(tried.done.map(({ n }) => n)).to.deep.equal([2]);
    expect(tries).to.equal(2);
  });
}

function roundContract(tried: Tried): void {
  it('does a schedule again and again, one at a time [G14]', async () => {
    let together = 0;
    let most = 0;
    tried.queue.process(async (job) => {
      together += 1;
      most = Math.max(most, together);
      await systemClock.sleep(20);
      together -= 1;
      await work(tried)(job);
    });

    await tried.queue.schedule('round', 200, { n: 1 });
    await systemClock.sleep(2_100);

    expect(tried.done.length).to.be.within(7, 11);
    expect(most).to.equal(1);
  });

  it('waits for the job under way when it is closed, and does no more [O5]', async () => {
    let begun = 0;
    tried.queue.process(async (job) => {
      begun += 1;
      await systemClock.sleep(300);
      await work(tried)(job);
    });
    await tried.queue.schedule('round', 100, { n: 1 });
    await eventually(
      async () => begun,
      (count) => count > tried.done.length,
      5_000,
    );

    const before = tried.done.length;
    await tried.queue.close();
    const atClose = tried.done.length;
    await systemClock.sleep(500);

    expect(atClose).to.equal(before + 1);
    expect([begun, tried.done.length]).to.deep.equal([atClose, atClose]);
  });
}
