import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tell } from './goals.ts';
import type { LoadResult } from './load.ts';
import { GAP_MS } from './measure.ts';
import { startWorker, type Worker, write } from './rounds.ts';

/**
 * A thousand calls hang, at the model and then at AWS, and Slack is answered meanwhile: `node bench/in-flight.ts [seconds]`. Each call is of a
 * turn of its own, so what it holds is the whole turn. Acks are measured with `help`, four at a time.
 */
const SECONDS = Number(process.argv[2] ?? 30);
const HANGING = 1_000;
const WARM = 300;
const CONNECTIONS = 4;
/** Beyond the time of measuring: nothing comes back while acks are timed. */
const MARGIN_MS = 20_000;
/** What was said to people at once is said by then. */
const SETTLE_MS = 3_000;

const calls = { model: 'slack-ask', AWS: 'slack-propose' } as const;

interface State {
  heapKb: number;
  underWay: number;
}

interface Found {
  acks: LoadResult;
  heapKb: number;
}

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const found = { model: await whileItHangs('model'), AWS: await whileItHangs('AWS') };
rmSync(folder, { recursive: true });

write(`| ${HANGING} calls hang for ${SECONDS} s at | acks | p50, ms | p99, ms | heap for each, kB |`);
write('|---|---|---|---|---|');
for (const [what, { acks, heapKb }] of Object.entries(found)) {
  const cells = [what, acks.statuses['200'] ?? 0, acks.p50.toFixed(1), acks.p99.toFixed(1), heapKb.toFixed(1)];
  write(`| ${cells.join(' | ')} |`);
}
tell('P18a', [Math.max(found.model.acks.p99, found.AWS.acks.p99)]);
tell('P18b', [Math.max(found.model.heapKb, found.AWS.heapKb)]);

async function whileItHangs(what: keyof typeof calls): Promise<Found> {
  const [model, platform, load] = [
    await startWorker('model-stub', 'hang'),
    await startWorker('platform-stub'),
    await startWorker('load'),
  ];
  const { port: modelPort } = model.ready as { port: number };
  const { port: stubPort } = platform.ready as { port: number };
  const awsMs = what === 'AWS' ? SECONDS * 1_000 + MARGIN_MS : 0;
  const store = mkdtempSync(join(folder, 'store-'));
  const server = await startWorker('slack-server', 'house', stubPort, store, 15, awsMs, modelPort);
  const { port } = server.ready as { port: number };
  try {
    const send = async (kind: 'slack-ask' | 'slack-propose' | 'slack-help', more: object) => {
      const result = await load.ask<LoadResult>({ port, kind, ...more });
      if (Object.keys(result.statuses).join() !== '200') throw new Error(`answers: ${JSON.stringify(result.statuses)}`);
      return result;
    };
    await send('slack-help', { connections: 32, from: 0, count: WARM });
    await server.ask({ settle: true });
    const before = await server.ask<State>({ heap: true });
    await send(calls[what], { connections: 32, from: WARM, count: HANGING });
    const during = await server.ask<State>({ heap: true });
    assertHanging(during);
    await pause(SETTLE_MS);
    const count = Math.floor((SECONDS * 1_000 * CONNECTIONS) / (GAP_MS + 5));
    const acks = await send('slack-help', { connections: CONNECTIONS, gapMs: GAP_MS, from: WARM + HANGING, count });
    assertHanging(await server.ask<State>({}));
    return { acks, heapKb: (during.heapKb - before.heapKb) / HANGING };
  } finally {
    await stopAll([model, server, load, platform]);
  }
}

/** A call that came back held nothing. */
function assertHanging({ underWay }: State): void {
  if (underWay < HANGING) throw new Error(`only ${underWay} calls hang`);
}

/** The model first, so that its turns end; the house before Slack, so that it can say so. */
async function stopAll(workers: readonly Worker[]): Promise<void> {
  for (const worker of workers) await worker.stop();
}
