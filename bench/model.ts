import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ratios, spread, startWorker, write } from './rounds.ts';

/**
 * What a turn adds to one call of the model, against the SDK alone, interleaved: `node bench/model.ts [rounds] [calls]`. The model is a stub that answers at once, so the ratio is the worst there can be.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const CALLS = Number(process.argv[3] ?? 300);
const WARM = 300;

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
