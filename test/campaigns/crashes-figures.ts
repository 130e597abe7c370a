import { POINTS, type Point } from './crashes/points.ts';
import { brokenCrashes, type CrashFigures, playCrashes } from './crashes.ts';

const count = (number: number): string => number.toLocaleString('en-US');

/** Where each sabotage does its harm. */
export const SPOILED = [
  { sabotage: 'outcome before the call', points: ['P8', 'P9'] },
  { sabotage: 'no intent', points: ['P7'] },
] as const satisfies { sabotage: string; points: readonly Point[] }[];

/** The long form: `npm run campaign crashes -- [kills at each point] [seed] [random kills, ten times as many as of a point]`. */
export async function campaignCrashes([each = 200, seed = 2026, random = each * 10]: readonly number[]) {
  const figures = await playCrashes({ seed, each, random });
  const lines = [...inWords(figures)];
  let held = brokenCrashes(figures).length === 0;
  for (const { sabotage, points } of SPOILED) {
    const spoiled = await playCrashes({ seed, each: 2, random: 0, points, sabotage });
    const red = brokenCrashes(spoiled);
    lines.push(`with ${sabotage}: ${red.length} faults in ${spoiled.changes} changes, first: ${red[0] ?? 'none'}`);
    held &&= red.length > 0;
  }
  return { lines: [...lines, ...brokenCrashes(figures).slice(0, 20)], held };
}

function inWords({ doubleCalls, lostRecords, unsettled, falselyDone, ...figures }: CrashFigures): string[] {
  const { kills, changes, calls, unknown, missed, recoveryMs, seed, seconds } = figures;
  const killed = [...kills.values()].reduce((sum, times) => sum + times, 0);
  const of = `of ${count(changes)} changes after ${count(killed)} kill -9`;
  return [
    `double calls: ${doubleCalls.length} ${of}, ${count(calls)} calls`,
    `lost audit records: ${lostRecords.length} ${of}`,
    `without an end, or ended and nobody told: ${unsettled.length} ${of}; reported as unknown ${count(unknown)}`,
    `said to be done and never called: ${falselyDone.length} ${of}`,
    ...[...kills].map(([point, times]) => `  ${point}: ${times} ${point === 'random' ? '' : POINTS[point]}`.trimEnd()),
    `not killed where it should have been: ${missed.length} of ${count(killed)}`,
    `start to recovered: p50 ${percentile(recoveryMs, 50)} s, p95 ${percentile(recoveryMs, 95)} s, longest ${percentile(recoveryMs, 100)} s of ${count(recoveryMs.length)}`,
    `seed ${seed}, ${seconds} s, a fake AWS; kill -9 of a process, not loss of power`,
  ];
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1);
  return Math.round((sorted[at] ?? 0) / 10) / 100;
}
