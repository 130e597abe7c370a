import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRANSITIONS } from './change-lives.ts';
import { tell } from './goals.ts';
import { exact, ratios, spread, startWorkerIn, type Worker, write } from './rounds.ts';
import { watchSyncs } from './syncs.ts';

/**
 * Durable transitions in units of what the disk can do: `node bench/store.ts [rounds]`. One append of 330 bytes with fdatasync is
 * measured in the same process right before; each round has a process and a store of its own. BENCH_FOLDER: another disk than that of the temporary files.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const APPENDS = 2_000;
const LIVES_ALONE = 500;
const LIVES_TOGETHER = 6_400;
const TOGETHER = 64;
/** Lives until the compiler has seen the path. */
const WARM = 640;

const cases = {
  floor: { what: 'floor', count: APPENDS, inFlight: 1 },
  alone: { what: 'store', count: LIVES_ALONE, inFlight: 1 },
  together: { what: 'store', count: LIVES_TOGETHER, inFlight: TOGETHER },
} as const;
type Case = keyof typeof cases;
const NAMES = Object.keys(cases) as Case[];
const words: Record<Case, string> = {
  floor: 'append 330 bytes + fdatasync (F)',
  alone: 'transition with its audit record, one at a time',
  together: `the same, ${TOGETHER} in flight`,
};

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'opsagent-bench-'));
const found = { floor: rows(), alone: rows(), together: rows() };
for (let round = 0; round < ROUNDS; round += 1) {
  const place = mkdtempSync(join(folder, 'store-'));
  const syncs = watchSyncs(place);
  const worker = await startWorkerIn(syncs.env, 'store-worker', place);
  try {
    await worker.ask({ what: 'store', count: WARM, inFlight: TOGETHER });
    for (const name of NAMES) await once(name, worker, syncs.count);
  } finally {
    await worker.stop();
  }
}
rmSync(folder, { recursive: true });

write('| what | a second | × F | syncs for one |');
write('|---|---|---|---|');
for (const name of NAMES) {
  const { rate, syncs } = found[name];
  write(`| ${[words[name], spread(rate), spread(ratios(rate, found.floor.rate), 2), spread(syncs, 3)].join(' | ')} |`);
}
tell('P6a', ratios(found.alone.rate, found.floor.rate));
tell('P6b', found.alone.syncs);
exact('syncs for one transition, one at a time', spread(found.alone.syncs, 3));
exact(`syncs for one transition, ${TOGETHER} in flight`, spread(found.together.syncs, 3));
tell('P7', ratios(found.together.rate, found.floor.rate));

function rows(): { rate: number[]; syncs: number[] } {
  return { rate: [], syncs: [] };
}

async function once(name: Case, worker: Worker, count: () => number): Promise<void> {
  const before = count();
  const { rate } = await worker.ask<{ rate: number }>(cases[name]);
  const done = cases[name].count * (name === 'floor' ? 1 : TRANSITIONS);
  found[name].rate.push(rate);
  found[name].syncs.push((count() - before) / done);
}
