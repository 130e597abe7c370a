import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell } from './goals.ts';
import type { LoadResult } from './load.ts';
import { share, spread, startWorker, startWorkerIn, write } from './rounds.ts';
import { watchSyncs } from './syncs.ts';

/**
 * How long a request that writes nothing waits while others commit, on a fast disk and on one whose syncs take 5 ms more:
 * `node bench/slow-disk.ts [rounds]`. 16 proposals are under way at any moment; `/health`, which reads the store, is asked beside them.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const DELAYS_MS = [0, 5] as const;
const PROPOSALS = Number(process.argv[3] ?? 1_500);
const UNDER_WAY = 16;
/** Asked with this pause, so that they fall anywhere between two commits. */
const ASK_EVERY_MS = 5;
const ASKED = 100;
const WARM = 300;

interface Found {
  proposals: number;
  p50: number;
  p99: number;
  /** Requests that wrote nothing. */
  asked: number;
  syncs: number;
}

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'opsagent-bench-'));
const found = new Map<number, Found[]>(DELAYS_MS.map((delay) => [delay, []]));
for (let round = 0; round < ROUNDS; round += 1)
  for (const delay of DELAYS_MS) found.get(delay)?.push(await once(delay));
rmSync(folder, { recursive: true });

write(
  '| a sync takes longer by | proposals a second | syncs a second | requests that write nothing | p50, ms | p99, ms |',
);
write('|---|---|---|---|---|---|');
for (const [delay, rows] of found) {
  const of = (key: keyof Found) => rows.map((row) => row[key]);
  const counts = (['proposals', 'syncs', 'asked'] as const).map((key) => spread(of(key)));
  const cells = [...counts, spread(of('p50'), 2), spread(of('p99'), 2)];
  write(`| ${[`${delay} ms`, ...cells].join(' | ')} |`);
}
tell(
  'P8',
  (found.get(5) ?? []).map(({ p99 }) => p99),
);

async function once(delayMs: number): Promise<Found> {
  const place = mkdtempSync(join(folder, 'store-'));
  const syncs = watchSyncs(place, delayMs);
  const store = mkdtempSync(join(folder, 'house-'));
  const [stub, writing, reading] = [
    await startWorker('platform-stub'),
    await startWorker('load'),
    await startWorker('load'),
  ];
  const { port: stubPort } = stub.ready as { port: number };
  const server = await startWorkerIn(syncs.env, 'slack-server', 'house', stubPort, store);
  const { port } = server.ready as { port: number };
  try {
    const propose = { port, kind: 'slack-propose' as const, connections: UNDER_WAY };
    await writing.ask<LoadResult>({ ...propose, from: 0, count: WARM });
    await server.ask({ settle: true });
    const before = syncs.count();
    // Read while changes are written, and not a moment longer: both loads are asked at once, the reader stops first.
    const written = writing.ask<LoadResult>({ ...propose, from: WARM, count: PROPOSALS });
    let writes = true;
    const read: LoadResult[] = [];
    const done = written.finally(() => {
      writes = false;
    });
    while (writes)
      read.push(
        await reading.ask<LoadResult>({
          ...{ port, kind: 'health', connections: 1, gapMs: ASK_EVERY_MS },
          ...{ from: 0, count: ASKED },
        }),
      );
    const { seconds, statuses } = await done;
    for (const answers of [statuses, ...read.map((one) => one.statuses)])
      if (Object.keys(answers).join() !== '200') throw new Error(`answers: ${JSON.stringify(answers)}`);
    const times = read.flatMap((one) => one.times).sort((a, b) => a - b);
    return {
      proposals: PROPOSALS / seconds,
      syncs: (syncs.count() - before) / seconds,
      ...{ p50: share(times, 0.5), p99: share(times, 0.99), asked: times.length },
    };
  } finally {
    // The house first: what it still has to say is said to Slack.
    for (const worker of [server, writing, reading, stub]) await worker.stop();
  }
}
