import { type Dependency, FAULTS, type Fault, type FaultsSabotage, type Moment } from './faults/bench.ts';
import { aws, cloudwatch, model, store, storeWrites } from './faults/own.ts';
import { play, type Verdict } from './faults/story.ts';
import { redis, slack, teams } from './faults/wired.ts';

export const DEPENDENCIES: readonly Dependency[] = [store, storeWrites, redis, model, aws, slack, teams, cloudwatch];

/** One dependency under one fault, at each moment at which it can be met. */
export interface Cell {
  dependency: string;
  fault: Fault;
  ends: { moment: Moment; verdict: Verdict }[];
}

export interface FaultFigures {
  seconds: number;
  cells: Cell[];
}

interface Options {
  sabotage?: FaultsSabotage;
  /** Only these. */
  dependencies?: readonly string[];
}

/** Every dependency under every fault, each moment in a house of its own; those that wait for a network wait together. */
export async function playFaults({ sabotage, dependencies }: Options = {}): Promise<FaultFigures> {
  const started = performance.now();
  const wanted = DEPENDENCIES.filter(({ name }) => dependencies?.includes(name) ?? true);
  const cells = wanted.flatMap((dependency) => FAULTS.map((fault) => cell(dependency, fault, sabotage)));
  return { cells: await Promise.all(cells), seconds: Math.round((performance.now() - started) / 100) / 10 };
}

async function cell(dependency: Dependency, fault: Fault, sabotage: FaultsSabotage | undefined): Promise<Cell> {
  const ends = await Promise.all(
    dependency.moments.map(async (moment) => {
      const bench = await dependency.open(fault, sabotage);
      const verdict = await play(bench, moment);
      await bench.close();
      return { moment, verdict };
    }),
  );
  return { dependency: dependency.name, fault, ends };
}

/** One line for each moment that went wrong. */
export const wrongEnds = ({ cells }: FaultFigures): string[] =>
  cells.flatMap(({ dependency, fault, ends }) =>
    ends.flatMap(({ moment, verdict }) =>
      verdict.is === 'wrong' ? [`${dependency} × ${fault}, ${moment}: ${verdict.because}`] : [],
    ),
  );

const isWrong = ({ ends }: Cell): boolean => ends.some(({ verdict }) => verdict.is === 'wrong');

/** The long form: `npm run campaign faults`. There is no chance in it. */
export async function campaignFaults() {
  const figures = await playFaults();
  const { cells, seconds } = figures;
  const wrong = wrongEnds(figures);
  const ends = cells.flatMap((one) => one.ends);
  const count = (is: Verdict['is']) => ends.filter(({ verdict }) => verdict.is === is).length;
  const lines = [
    `wrong: ${cells.filter(isWrong).length} of ${cells.length} cells, ${wrong.length} of ${ends.length} moments`,
    `  correct ${count('correct')}, refused ${count('refused')}`,
    ...DEPENDENCIES.map(({ name }) => `  ${name}: ${inLetters(cells.filter(({ dependency }) => dependency === name))}`),
    `no seed, ${seconds} s`,
    ...wrong.slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: wrong.length === 0 };
}

/** 'refused RCC, hang RCC': R refused, C correct, W wrong, at each moment. */
const inLetters = (cells: readonly Cell[]): string =>
  cells
    .map(({ fault, ends }) => `${fault} ${ends.map(({ verdict }) => verdict.is[0]?.toUpperCase()).join('')}`)
    .join(', ');
