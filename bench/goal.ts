import { write } from './rounds.ts';

/** One goal of docs/figures.md as a line that a program can read again. */
export function judge(goal: { id: string; what: string; must: string; found: string; reached: boolean }): void {
  const { id, what, must, found, reached } = goal;
  write(`${id} ${what}: must ${must}, found ${found}, ${reached ? 'reached' : 'missed'}`);
}
