import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

export type Env = Record<string, string>;

/** A process that has ended. `code` is null when a signal ended it. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Exactly the keys that DESIGN §9 promises, and no others. */
const AskLine = z.strictObject({
  outcome: z.enum(['done', 'pending', 'denied', 'failed', 'answer', 'menu']),
  understood_by: z.enum(['grammar', 'phrases', 'model']).optional(),
  tool: z.string().optional(),
  input: z.record(z.string(), z.json()).optional(),
  approval_id: z.string().optional(),
  approval_token: z.string().optional(),
  correlation_id: z.string(),
  text: z.string().min(1),
});
export type AskLine = z.output<typeof AskLine>;

export const ALICE = 'alice@example.com';
export const BOB = 'bob@example.com';
export const DAVE = 'dave@example.com';
export const ERIN = 'erin@example.com';

/** One installation in a folder of its own: the real program, started anew for each command. */
export interface Installation {
  /** A path inside the folder. */
  path(name: string): string;
  env: Env;
  /** What is started: `main.ts`, or a bundle of it. */
  program: string;
  /** `uid` runs it as another user of the machine. */
  run(args: readonly string[], env?: Env, uid?: number): Promise<Ended>;
  /** `ask --json`; fails unless the program ends with 0 and says one line of the promised form. */
  ask(text: string, options?: { as?: string; env?: Env; conversation?: string }): Promise<AskLine>;
  remove(): void;
}

export function install(env: Env = {}, program = MAIN): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-e2e-'));
  const own = { STORE: `sqlite:${join(folder, 'data', 'ops.db')}`, LOG_LEVEL: 'warn', PORT: '0', ...env };
  const run: Installation['run'] = (args, more = {}, uid) =>
    runProgram([program, ...args], { env: childEnv({ ...own, ...more }), cwd: folder, uid });
  return {
    path: (name) => join(folder, name),
    ...{ env: own, program, run },
    async ask(text, { as = ALICE, env: more, conversation } = {}) {
      const where = conversation === undefined ? [] : ['--conversation', conversation];
      return readAskLine(await run(['ask', '--json', '--as', as, ...where, '--', text], more));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function readAskLine({ code, signal, stdout, stderr }: Ended): AskLine {
  const lines = stdout.split('\n');
  if (code !== 0 || lines.length !== 2 || lines[1] !== '')
    throw new Error(`ask ended with ${code ?? signal} and said ${JSON.stringify(stdout)}; stderr: ${stderr}`);
  return AskLine.parse(JSON.parse(lines[0] ?? ''));
}

/** Nothing of the tester's own environment reaches the program, and no `.env` of the working folder. */
export function childEnv(env: Env): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...env };
}

interface Circumstances {
  env: NodeJS.ProcessEnv;
  cwd: string;
  uid?: number;
}

function runProgram(args: readonly string[], circumstances: Circumstances): Promise<Ended> {
  const child = spawn(process.execPath, args, { ...circumstances, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...said }));
  });
}
