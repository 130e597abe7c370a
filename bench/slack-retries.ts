import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from './load.ts';
import type { Usage } from './measure.ts';
import { startWorker, write } from './rounds.ts';

/**
 * Slack says everything again, in any order, while AWS takes ten seconds: `node bench/slack-retries.ts [events]`. Each event is
 * delivered one to five times, each delivery signed anew; there must be one change for each, and Slack must not have to wait.
 */
const EVENTS = Number(process.argv[2] ?? 120);
const AWS_MS = 10_000;
const MOST_MS = 300;

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const stub = await startWorker('platform-stub');
const load = await startWorker('load');
const { port: stubPort } = stub.ready as { port: number };
const server = await startWorker('slack-server', 'house', stubPort, mkdtempSync(join(folder, 'store-')), 15, AWS_MS);
const { port } = server.ready as { port: number };

const sent = { port, kind: 'slack-mention-again' as const, connections: 32 };
const { p50, p99, statuses } = await load.ask<LoadResult>({
  ...sent,
  from: 0,
  count: EVENTS * 3,
  with: { events: String(EVENTS) },
});
const { pending } = await server.ask<Usage>({ settle: true, pending: true });
await Promise.all([server.stop(), load.stop(), stub.stop()]);
rmSync(folder, { recursive: true });

write(`${EVENTS} events in ${EVENTS * 3} deliveries, AWS ${AWS_MS / 1000} s: answers ${JSON.stringify(statuses)}`);
write(
  `acks p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (at most ${MOST_MS}); changes proposed ${pending} of ${EVENTS}`,
);
if (p99 >= MOST_MS || pending !== EVENTS || Object.keys(statuses).join() !== '200') process.exitCode = 1;
