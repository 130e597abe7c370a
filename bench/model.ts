import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from './load.ts';
import { GAP_MS } from './measure.ts';
import { ratios, spread, startWorker, write } from './rounds.ts';

/**
 * What a turn adds to one call of the model, against the SDK alone, interleaved; and how soon Slack is answered while the model hangs:
 * `node bench/model.ts [rounds] [calls]`. The model is a stub that answers at once, so the ratio is the worst there can be.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const CALLS = Number(process.argv[3] ?? 300);
const WARM = 300;
/** Questions without an answer, while more are asked at the pace of a busy day. */
const HANGING = 1_000;
const MEASURED = 400;

interface Cost {
  ms: number;
  cpuUs: number;
}

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const found: Record<'bare' | 'turn', Cost[]> = { bare: [], turn: [] };
for (let round = 0; round < ROUNDS; round += 1)
  for (const kind of ['bare', 'turn'] as const) found[kind].push(await costOf(kind));
for (const kind of ['bare', 'turn'] as const)
  write(
    `${kind}: ${spread(
      found[kind].map(({ ms }) => ms),
      2,
    )} ms, ${spread(found[kind].map(({ cpuUs }) => cpuUs))} µs CPU`,
  );
for (const key of ['ms', 'cpuUs'] as const)
  write(
    `turn against bare, ${key}: ${spread(
      ratios(
        found.turn.map((one) => one[key]),
        found.bare.map((one) => one[key]),
      ),
      2,
    )}x`,
  );
const acks = await acksWhileItHangs();
write(
  `${HANGING} questions hang at the model; acks of ${MEASURED} more: p50 ${acks.p50.toFixed(1)} ms, p99 ${acks.p99.toFixed(1)} ms`,
);
rmSync(folder, { recursive: true });

async function costOf(kind: 'bare' | 'turn'): Promise<Cost> {
  const stub = await startWorker('model-stub');
  const { port } = stub.ready as { port: number };
  const caller = await startWorker('model-caller', kind, port, mkdtempSync(join(folder, 'store-')));
  try {
    await caller.ask({ count: WARM });
    return await caller.ask<Cost>({ count: CALLS });
  } finally {
    await caller.stop();
    await stub.stop();
  }
}

/** Every request is a sentence that only a model understands; none of them has its answer when Slack has its own. */
async function acksWhileItHangs(): Promise<LoadResult> {
  const [model, platform, load] = [
    await startWorker('model-stub', 'hang'),
    await startWorker('platform-stub'),
    await startWorker('load'),
  ];
  const { port: modelPort } = model.ready as { port: number };
  const { port: stubPort } = platform.ready as { port: number };
  const store = mkdtempSync(join(folder, 'store-'));
  const server = await startWorker('slack-server', 'house', stubPort, store, 15, 0, modelPort);
  const { port } = server.ready as { port: number };
  try {
    const job = { port, kind: 'slack-ask' as const };
    await load.ask<LoadResult>({ ...job, connections: 32, from: 0, count: HANGING });
    const acks = await load.ask<LoadResult>({ ...job, connections: 4, gapMs: GAP_MS, from: HANGING, count: MEASURED });
    const { asked } = await model.ask<{ asked: number }>({});
    if (asked < HANGING) throw new Error(`only ${asked} questions reached the model`);
    return acks;
  } finally {
    await Promise.all([server, load, platform, model].map((worker) => worker.stop()));
  }
}
