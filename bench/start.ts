import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Start to first answer against `node -e 0`, interleaved in one run: the README's ratio. `node bench/start.ts [rounds]` */
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 11);
const QUESTION = 'list ec2 instances';

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const settings = {
  STORE: `sqlite:${join(folder, 'bench.db')}`,
  LOG_LEVEL: 'silent',
  PORT: '0',
  EXECUTION_MODE: 'LOCAL_MOCK',
};

function start(args: string[]) {
  return spawn(process.execPath, args, { env: { ...inherited(), ...settings }, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Only what a process needs to run: a developer's own settings must not change the figure. */
function inherited(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin' };
}

async function untilExit(args: string[]): Promise<number> {
  const began = performance.now();
  const child = start(args);
  child.stdout.resume();
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - began;
}

/** `npm start` until the first question over HTTP has its answer. */
async function untilAnswered(): Promise<number> {
  const began = performance.now();
  const child = start([MAIN, 'serve']);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    const [address] = /http:\/\/\S+/.exec(printed) ?? [];
    if (!address) continue;
    await say(address);
    break;
  }
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await exited;
  return took;
}

async function say(address: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-opsagent-person': 'alice@example.com' };
  const body = JSON.stringify({ id: randomUUID(), conversation: 'me', text: QUESTION });
  const answer = await fetch(`${address}/api/turns`, { method: 'POST', headers, body });
  const { outcome } = (await answer.json()) as { outcome?: string };
  if (outcome !== 'done') throw new Error(`the server answered ${answer.status} ${outcome}`);
}

const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const bare: number[] = [];
const asked: number[] = [];
const served: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await untilExit(['-e', '0']));
  asked.push(await untilExit([MAIN, 'ask', QUESTION]));
  served.push(await untilAnswered());
}
rmSync(folder, { recursive: true });

const ratio = (values: number[]) =>
  middle(values.map((value, round) => value / (bare[round] ?? Number.NaN))).toFixed(1);
const ms = (values: number[]) =>
  `${middle(values).toFixed(0)} ms [${Math.min(...values).toFixed(0)}..${Math.max(...values).toFixed(0)}]`;
process.stdout.write(
  [
    `node -e 0                              ${ms(bare)}   1.0x`,
    `opsagent ask "${QUESTION}"        ${ms(asked)}   ${ratio(asked)}x`,
    `opsagent serve, first answer over HTTP ${ms(served)}   ${ratio(served)}x`,
    '',
  ].join('\n'),
);
