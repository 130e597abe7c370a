import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LoadResult } from '../../bench/load.ts';
import { startWorker } from '../../bench/rounds.ts';
import { walCommits } from '../store/wal-commits.ts';

/** Five transactions: heard, recorded, asked for, and told to both conversations; a sweep may fall in between. */
const MOST_COMMITS = 6;
const PROPOSALS = 20;

type Running = Awaited<ReturnType<typeof startWorker>>;

describe('what a proposal in Slack costs, counted in whole processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-counts-'));
  const running: Running[] = [];
  const start = async (name: string, ...args: (string | number)[]) => {
    const worker = await startWorker(name, ...args);
    running.unshift(worker);
    return worker;
  };

  after(async function () {
    this.timeout(30_000);
    for (const worker of running) await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`is at most ${MOST_COMMITS} commits and no auth.test, and 64 at once share theirs [O5, G11]`, async function () {
    this.timeout(60_000);
    const stub = await start('platform-stub');
    const load = await start('load');
    const server = await start('slack-server', 'house', (stub.ready as { port: number }).port, folder);
    const { port } = server.ready as { port: number };
    const propose = async (from: number, count: number, connections: number) => {
      const before = await walCommits(join(folder, 'bench.db'));
      for (let n = from; n < from + count; n += connections) {
        const job = { port, kind: 'slack-propose', from: n, count: connections, connections };
        const { statuses } = await load.ask<LoadResult>(job);
        expect(statuses).to.deep.equal({ 200: connections });
        await server.ask({ settle: true });
      }
      return ((await walCommits(join(folder, 'bench.db'))) - before) / count;
    };
    await propose(0, 1, 1);
    await stub.ask({ reset: true });

    const alone = await propose(1, PROPOSALS, 1);
    const together = await propose(100, 64, 64);

    const { counts } = await stub.ask<{ counts: Record<string, number> }>({});
    expect(alone).to.be.at.most(MOST_COMMITS);
    expect(together).to.be.below(alone);
    expect(counts['/api/auth.test']).to.equal(undefined);
    expect(counts['/api/chat.postMessage']).to.equal(2 * (PROPOSALS + 64));
  });
});
