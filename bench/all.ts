import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type GoalId, goals, judge, limits, shown } from './goals.ts';
import { median, write } from './rounds.ts';

/**
 * Every goal in one run: `npm run bench` (about an hour and a half), `npm run bench -- quick` (under ten minutes, too short to compare with).
 * The programs follow each other, round after round, so that a slow hour of the machine weighs on all of them; the long ones run once.
 */
const QUICK = process.argv[2] === 'quick';
const ROUNDS = QUICK ? 1 : 5;

interface Program {
  name: string;
  /** What it is called with for one round. */
  whole: readonly string[];
  /** The same for the quick form; left out of it when absent. */
  quick?: readonly string[];
  /** Takes so long, or grows so far, that it runs once. */
  once?: true;
  /** Minutes; then it hangs. */
  most: number;
}

const PROGRAMS: readonly Program[] = [
  { name: 'slack', whole: ['1', '4000'], quick: ['1', '500'], most: 15 },
  { name: 'teams', whole: ['1', '4000'], quick: ['1', '500'], most: 15 },
  { name: 'rest', whole: ['1', '4000'], quick: ['1', '500'], most: 15 },
  { name: 'store', whole: ['1'], quick: ['1'], most: 5 },
  { name: 'slow-disk', whole: ['1'], quick: ['1', '400'], most: 5 },
  { name: 'cards', whole: ['1'], quick: ['1'], most: 5 },
  { name: 'cold', whole: ['1'], quick: ['1'], most: 5 },
  { name: 'queue', whole: ['1'], quick: ['1'], most: 5 },
  { name: 'slack-retries', whole: [], quick: ['40'], once: true, most: 5 },
  { name: 'in-flight', whole: ['30'], quick: ['5'], once: true, most: 10 },
  { name: 'model', whole: ['5', '300'], once: true, most: 10 },
  { name: 'start', whole: ['11'], once: true, most: 5 },
  { name: 'fleet', whole: [], once: true, most: 30 },
  { name: 'growth', whole: [], once: true, most: 60 },
  { name: 'steady', whole: [], once: true, most: 90 },
];

/** What a program said of a goal; one that is not in `goals` stands as it was said. */
const values = new Map<string, number[]>();
const asSaid = new Map<string, string>();
const counts = new Set<string>();
const troubles: string[] = [];

for (let round = 0; round < ROUNDS; round += 1)
  for (const program of PROGRAMS) if (isDue(program, round)) await run(program);
reportGoals();
for (const line of [...counts].sort()) write(line);
for (const line of troubles) write(line);
if (troubles.length > 0) process.exitCode = 1;

function isDue({ name, quick, once }: Program, round: number): boolean {
  if (!existsSync(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)))) return false;
  return !(QUICK && !quick) && !(once && round > 0);
}

/** What it prints goes to standard error as it comes; its goals and its exact counts are kept. */
async function run({ name, whole, quick = [], most }: Program): Promise<void> {
  const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const args = [program, ...(QUICK ? quick : whole)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: most * 60_000 });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  process.stderr.write(`\n== ${name}\n`);
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    process.stderr.write(chunk);
    printed += chunk;
  }
  const code = await exited;
  if (code !== 0) troubles.push(`${name} did not end well (${code ?? `longer than ${most} minutes`})`);
  for (const line of printed.split('\n')) keep(line);
}

function keep(line: string): void {
  if (line.startsWith('exact: ')) counts.add(line);
  const [, id = '', number] = /^(P\d+[a-z]?)\b.*\bfound (-?[\d.]+|nothing).*\b(?:reached|missed)/.exec(line) ?? [];
  if (number === undefined) return;
  if (isGoal(id)) values.set(id, [...(values.get(id) ?? []), Number(number)]);
  else asSaid.set(id, line);
}

function isGoal(id: string): id is GoalId {
  return Object.hasOwn(goals, id);
}

function reportGoals(): void {
  write('| goal | what | must | great | found | |');
  write('|---|---|---|---|---|---|');
  for (const id of Object.keys(goals).filter(isGoal)) {
    const found = values.get(id) ?? [];
    const { must, great } = limits(id);
    const row = found.length === 0 ? ['', 'not measured'] : [`${shown(id, found)}`, judge(id, median(found))];
    write(`| ${[id, goals[id].words, must, great, ...row].join(' | ')} |`);
  }
  for (const line of asSaid.values()) write(line);
}
