import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { callsOf } from './calls.ts';
import { tell } from './goals.ts';
import { type Figures, GAP_MS, measure, report } from './measure.ts';
import { exact, median, ratios, spread, startWorker, sum, write } from './rounds.ts';

/**
 * The whole Slack path of OpsAgent against Bolt that only acks, interleaved: `node bench/slack.ts [rounds] [requests]`.
 * Server, load and Slack are processes of their own; each round starts a fresh server with an empty store.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 4_000);
/** Until the compiler has seen the path: after a few hundred requests an answer still takes four times as long. */
const WARM = 2_000;

interface Variant {
  name: string;
  server: [kind: 'bolt' | 'bolt-posts' | 'house', tools: number];
  kind: keyof typeof callsOf;
}

const BOLT: Variant = { name: 'Bolt 5 that only acks', server: ['bolt', 15], kind: 'slack-propose' };
const BOLT_POSTS: Variant = {
  name: 'Bolt 5 that acks and posts two cards',
  server: ['bolt-posts', 15],
  kind: 'slack-propose',
};
const PROPOSAL: Variant = { name: '/ops ec2 reboot …', server: ['house', 15], kind: 'slack-propose' };
const HELP: Variant = { name: '/ops help', server: ['house', 15], kind: 'slack-help' };
const ONE_TOOL: Variant = { name: 'reboot, 1 tool known', server: ['house', 1], kind: 'slack-propose' };
const MANY_TOOLS: Variant = { name: 'reboot, 200 tools known', server: ['house', 200], kind: 'slack-propose' };
const VARIANTS = [BOLT, BOLT_POSTS, PROPOSAL, HELP, ONE_TOOL, MANY_TOOLS] as const;
const ALONE = 100;
/** Of one variant in one round. */
const REQUESTS = WARM + ALONE + COUNT;

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const found = new Map<Variant, Figures[]>(VARIANTS.map((variant) => [variant, []]));
const syncs: number[] = [];
/** For each request, what a start asks left out. */
const authTests: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  syncs.push(await syncMs(join(folder, 'sync')));
  for (const variant of VARIANTS) found.get(variant)?.push(await once(variant));
}
rmSync(folder, { recursive: true });
report(VARIANTS.map((variant) => ({ name: variant.name, figures: found.get(variant) ?? [] })));
write(`one append and fdatasync after such a pause: ${spread(syncs, 2)} ms`);
const of = (variant: Variant, key: keyof Figures) => (found.get(variant) ?? []).map((one) => one[key]);
tell('P1', ratios(of(PROPOSAL, 'rate'), of(BOLT, 'rate')));
tell('P2a', ratios(of(PROPOSAL, 'cpuUs'), of(BOLT, 'cpuUs')));
tell('P2b', ratios(of(HELP, 'cpuUs'), of(BOLT, 'cpuUs')));
tell('P3', beyondBolt());
tell('P9', ratios(of(MANY_TOOLS, 'cpuUs'), of(ONE_TOOL, 'cpuUs')));
tell('P17b', authTests);
exact(`auth.test calls after the start, ${authTests.length} rounds of ${REQUESTS} requests`, sum(authTests) * REQUESTS);

function beyondBolt(): number[] {
  const bolt = of(BOLT, 'p50Alone');
  return of(PROPOSAL, 'p50Alone').map((ms, n) => (ms - (bolt[n] ?? Number.NaN)) / (syncs[n] ?? Number.NaN));
}

async function once({ server: [kind, tools], kind: calls }: Variant): Promise<Figures> {
  const stub = await startWorker('platform-stub');
  const load = await startWorker('load');
  const { port: stubPort } = stub.ready as { port: number };
  const server = await startWorker('slack-server', kind, stubPort, mkdtempSync(join(folder, 'store-')), tools);
  const { port } = server.ready as { port: number };
  try {
    await stub.ask({ reset: true });
    const figures = await measure(server, load, { port, kind: calls, warm: WARM, alone: ALONE, count: COUNT });
    const { counts } = await stub.ask<{ counts: Record<string, number> }>({});
    if (kind === 'house') authTests.push((counts['/api/auth.test'] ?? 0) / REQUESTS);
    return figures;
  } finally {
    await server.stop();
    await load.stop();
    await stub.stop();
  }
}

/** The disk's floor: one line appended and synced, after a pause as between two requests of the unloaded case. */
async function syncMs(path: string): Promise<number> {
  const file = openSync(path, 'a');
  const times: number[] = [];
  for (let tries = 0; tries < 60; tries += 1) {
    await pause(GAP_MS);
    const began = performance.now();
    writeSync(file, `${'x'.repeat(330)}\n`);
    fdatasyncSync(file);
    times.push(performance.now() - began);
  }
  closeSync(file);
  return median(times);
}
