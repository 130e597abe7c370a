import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GoalId, tell } from './goals.ts';
import { fillPending, proposedChange } from './pending-store.ts';
import { openRunner, type Runner, WORKS, type Work } from './pending-work.ts';
import { median, ratios, spread, write } from './rounds.ts';
import { type Started, untilReady } from './serve-start.ts';

/**
 * What so many stored changes that wait cost: `node bench/growth.ts [sizes] [rounds]`, for example
 * `1000,10000,100000,1000000 5`. One store a size, all in one process, asked in turn in each round; then the program itself
 * is started on the smallest and on the largest, in turn. The largest takes 6 GB of disk and some minutes to fill.
 */
const SIZES = (process.argv[2] ?? '1000,10000,100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.argv[3] ?? 5);

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
try {
  const model = await proposedChange(folder);
  const files = SIZES.map((size) => ({ size, path: join(folder, `${size}.db`) }));
  for (const { size, path } of files) {
    const began = performance.now();
    await fillPending(`sqlite:${path}`, model, size);
    const mb = statSync(path).size / 2 ** 20;
    write(`filled ${size}: ${((performance.now() - began) / 1000).toFixed(1)} s, ${mb.toFixed(0)} MB`);
  }
  const runners = await Promise.all(files.map(({ size, path }) => openRunner(`sqlite:${path}`, model, size)));
  const found = await measure(runners);
  for (const runner of runners) await runner.close();
  reportWork(found);
  reportStart(await starts(files.map(({ path }) => path)));
} finally {
  rmSync(folder, { recursive: true });
}

/** µs, by work, by size, by round. */
async function measure(runners: readonly Runner[]): Promise<Map<Work, number[][]>> {
  const found = new Map(WORKS.map((work): [Work, number[][]] => [work, runners.map(() => [])]));
  for (let round = -1; round < ROUNDS; round += 1)
    for (const [work, bySize] of found)
      for (const [place, runner] of runners.entries()) {
        const us = await runner.time(work);
        // The first round is for the compiler and the caches.
        if (round >= 0) bySize[place]?.push(us);
      }
  return found;
}

function reportWork(found: Map<Work, number[][]>): void {
  write('');
  write(`| µs | ${SIZES.join(' | ')} | largest against smallest |`);
  write(`|---|${SIZES.map(() => '---').join('|')}|---|`);
  const grown = new Map<Work, number>();
  for (const [work, bySize] of found) {
    const growth = ratios(bySize.at(-1) ?? [], bySize[0] ?? []);
    grown.set(work, median(growth));
    write(`| ${work} | ${bySize.map((us) => spread(us)).join(' | ')} | ${spread(growth, 2)} |`);
  }
  write('');
  tellWorst('P10a', grown, (work) => !work.startsWith('50'));
  tellWorst('P10b', grown, (work) => work.startsWith('50'));
}

/** The largest store against the smallest, by what grows most. */
function tellWorst(id: GoalId, grown: ReadonlyMap<Work, number>, counts: (work: Work) => boolean): void {
  tell(id, [Math.max(...[...grown].filter(([work]) => counts(work)).map(([, times]) => times))]);
}

/** Of the smallest store and of the largest, by round. */
async function starts(paths: readonly string[]): Promise<{ small: Started[]; large: Started[] }> {
  const [first = '', last = ''] = [paths[0], paths.at(-1)];
  const found = { small: [] as Started[], large: [] as Started[] };
  await untilReady(first);
  await untilReady(last);
  for (let round = 0; round < ROUNDS; round += 1) {
    found.small.push(await untilReady(first));
    found.large.push(await untilReady(last));
  }
  return found;
}

function reportStart({ small, large }: { small: Started[]; large: Started[] }): void {
  const of = (all: Started[], key: keyof Started) => all.map((one) => one[key]);
  const extra = (key: keyof Started) =>
    of(large, key).map((value, round) => value - (small[round]?.[key] ?? Number.NaN));
  const [ms, mb] = [extra('readyMs'), extra('rssMb')];
  write('');
  write('| start of the program | ready, ms | RSS, MB |');
  write('|---|---|---|');
  write(`| ${SIZES[0]} wait | ${spread(of(small, 'readyMs'))} | ${spread(of(small, 'rssMb'))} |`);
  write(`| ${SIZES.at(-1)} wait | ${spread(of(large, 'readyMs'))} | ${spread(of(large, 'rssMb'))} |`);
  write(`| extra | ${spread(ms)} | ${spread(mb)} |`);
  write('');
  tell('P11a', ms);
  tell('P11b', mb);
}
