import { answerInTime } from '../../store/answer-in-time.ts';
import type { Store } from '../../store/store.ts';
import { caller, createHouse, type House, NOON } from '../approvals/house.ts';
import { virtualClock } from '../store/virtual-clock.ts';
import { FAULTS, type Fault, faultyAudit, faultyStore, swallowing, type Weather } from './audit-down/faults.ts';
import { WRITE_PATHS, type WritePath } from './audit-down/write-paths.ts';

type AuditSabotage = 'audit swallows its errors' | 'the store is waited for';

/** One write path under one fault, many times. */
export interface Cell {
  path: string;
  fault: Fault;
  runs: number;
  /** How long the slowest refusal took, in ms of the house's clock. */
  slowestMs: number;
}

export interface AuditDownFigures {
  seconds: number;
  cells: Cell[];
  /** Calls that would have changed AWS while nothing could be recorded. */
  calls: string[];
  /** Said to be done, though it could not be recorded. */
  claimed: string[];
  /** Rows of the store that were written all the same. */
  written: string[];
  /** Reads that were not answered meanwhile. */
  unread: string[];
  /** Paths that do not work when all is well again: their refusal would say nothing. */
  lame: string[];
}

interface Options {
  /** Runs of each cell. */
  runs: number;
  sabotage?: AuditSabotage;
}

/** Every write path under every fault of the record's place, each run in a house of its own. */
export async function playAuditDown({ runs, sabotage }: Options): Promise<AuditDownFigures> {
  const started = performance.now();
  const figures: AuditDownFigures = {
    ...{ seconds: 0, cells: [], calls: [], claimed: [], written: [], unread: [], lame: [] },
  };
  for (const path of WRITE_PATHS)
    for (const fault of FAULTS) {
      const cell: Cell = { path: path.name, fault, runs, slowestMs: 0 };
      for (let run = 0; run < runs; run += 1) await play(path, cell, figures, sabotage);
      figures.cells.push(cell);
    }
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

async function play(path: WritePath, cell: Cell, figures: AuditDownFigures, sabotage?: AuditSabotage): Promise<void> {
  const weather: Weather = { fault: undefined };
  const { house, commits } = await openHouse(weather, sabotage);
  await path.prepare(house);
  await house.gate.idle();
  const calls = house.aws.writes.length;
  const before = commits.length;
  const since = house.clock.now();
  weather.fault = cell.fault;

  const ending = await path.act(house);
  await house.gate.idle();

  cell.slowestMs = Math.max(cell.slowestMs, house.clock.now() - since);
  const where = `${cell.path} × ${cell.fault}`;
  if (house.aws.writes.length > calls) figures.calls.push(where);
  if (ending === 'done') figures.claimed.push(where);
  if (commits.length > before) figures.written.push(`${where}: ${commits.slice(before).join(', ')}`);
  if (!(await readsGoOn(house))) figures.unread.push(where);
  weather.fault = undefined;
  if (!sabotage && (await path.act(house)) !== 'done') figures.lame.push(where);
  await house.gate.idle();
  await house.store.close();
}

async function openHouse(weather: Weather, sabotage: AuditSabotage | undefined) {
  const commits: string[] = [];
  const counted = (store: Store): Store => ({
    ...store,
    async transact(writes, options) {
      const result = await store.transact(writes, options);
      if (result.committed) commits.push(...writes.map(({ kind }) => kind.name));
      return result;
    },
  });
  const time = virtualClock(NOON);
  const { clock } = time;
  const waited = sabotage === 'the store is waited for';
  const through = (store: Store): Store => {
    const faulty = faultyStore(counted(store), clock, weather);
    return waited ? faulty : answerInTime(faulty, clock);
  };
  const house = await createHouse({ clock: time, through });
  const audit = faultyAudit(house.audit, weather);
  house.audit = sabotage === 'audit swallows its errors' ? swallowing(audit) : audit;
  house.parts.audit = house.audit;
  return { house, commits };
}

async function readsGoOn({ gate, desk }: House): Promise<boolean> {
  const { status } = await gate.submit({ tool: 'list_ec2_instances', input: {} }, caller('alice'));
  await desk.approvals({ state: 'pending', limit: 10 });
  return status === 'done';
}

/** What came to light, one line each. */
export const brokenRecords = ({ calls, claimed, written, unread, lame }: AuditDownFigures): string[] => [
  ...calls.map((where) => `AWS was called: ${where}`),
  ...claimed.map((where) => `said to be done: ${where}`),
  ...written.map((where) => `written: ${where}`),
  ...unread.map((where) => `a read was not answered: ${where}`),
  ...lame.map((where) => `does not work afterwards: ${where}`),
];

/** Within this a person has to hear the refusal (SAFETY §5.4). */
export const REFUSED_WITHIN_MS = 5_000;

export const slowCells = ({ cells }: AuditDownFigures): Cell[] =>
  cells.filter(({ slowestMs }) => slowestMs > REFUSED_WITHIN_MS);

/** The long form: `npm run campaign audit-down -- [runs of each cell]`. There is no chance in it. */
export async function campaignAuditDown([runs = 25]: readonly number[]) {
  const figures = await playAuditDown({ runs });
  const { cells, seconds } = figures;
  const slow = slowCells(figures);
  const all = cells.length * runs;
  const lines = [
    `calls of AWS while nothing can be recorded: ${figures.calls.length} of ${all} runs in ${cells.length} cells`,
    `  ${WRITE_PATHS.map(({ name }) => name).join(', ')}`,
    `  × ${FAULTS.join(', ')}`,
    `said to be done: ${figures.claimed.length} of ${all}; written all the same: ${figures.written.length} of ${all}`,
    `reads answered meanwhile: ${all - figures.unread.length} of ${all}`,
    `refused within ${REFUSED_WITHIN_MS / 1000} s of the house's clock: ${cells.length - slow.length} of ${cells.length} cells`,
    ...slow.map(({ path, fault, slowestMs }) => `  ${path} × ${fault}: ${slowestMs / 1000} s`),
    `no seed, ${seconds} s`,
    ...[...new Set(brokenRecords(figures))].slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: brokenRecords(figures).length === 0 && slow.length === 0 };
}
