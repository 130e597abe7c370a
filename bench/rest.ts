import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell } from './goals.ts';
import { type Figures, measure, report } from './measure.ts';
import { ratios, startWorker, write } from './rounds.ts';

/**
 * REST of OpsAgent against a bare handler of fastify, zod and SQLite, interleaved: `node bench/rest.ts [rounds] [requests]`. Server
 * and load are processes of their own; each round starts fresh servers with empty stores.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 4_000);
/** Until the compiler has seen the path. */
const WARM = Math.min(2_000, COUNT);
const ALONE = 100;

interface Variant {
  name: string;
  server: 'bare' | 'house';
  kind: 'rest-read' | 'rest-propose';
}

const BARE_READ: Variant = { name: 'fastify, zod and SQLite: a read', server: 'bare', kind: 'rest-read' };
const READ: Variant = { name: 'OpsAgent: a read', server: 'house', kind: 'rest-read' };
const BARE_PROPOSAL: Variant = { name: 'fastify, zod and SQLite: a proposal', server: 'bare', kind: 'rest-propose' };
const PROPOSAL: Variant = { name: 'OpsAgent: a proposal', server: 'house', kind: 'rest-propose' };
const VARIANTS = [BARE_READ, READ, BARE_PROPOSAL, PROPOSAL] as const;

if (existsSync(join(import.meta.dirname, 'peers', 'node_modules', 'fastify'))) await run();
else write('fastify is not there; install it: npm ci --prefix bench/peers');

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
  const found = new Map<Variant, Figures[]>(VARIANTS.map((variant) => [variant, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const variant of VARIANTS) found.get(variant)?.push(await once(variant, mkdtempSync(join(folder, 'store-'))));
  rmSync(folder, { recursive: true });
  report(VARIANTS.map((variant) => ({ name: variant.name, figures: found.get(variant) ?? [] })));
  const of = (variant: Variant, key: keyof Figures) => (found.get(variant) ?? []).map((one) => one[key]);
  tell('P21a', ratios(of(READ, 'rate'), of(BARE_READ, 'rate')));
  tell('P21b', ratios(of(PROPOSAL, 'rate'), of(BARE_PROPOSAL, 'rate')));
}

async function once({ server: kind, kind: calls }: Variant, folder: string): Promise<Figures> {
  const load = await startWorker('load');
  const server = await startWorker('rest-server', kind, folder);
  const { port } = server.ready as { port: number };
  try {
    return await measure(server, load, { port, kind: calls, warm: WARM, alone: ALONE, count: COUNT });
  } finally {
    await server.stop();
    await load.stop();
  }
}
