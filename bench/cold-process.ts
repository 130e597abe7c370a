import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from './calls.ts';

/** A process that is started, asked and looked at from outside, as a platform would. */
export interface ColdProcess {
  port: number;
  /** Of `performance.now()`. */
  startedAt: number;
  /** Asks until it is answered 200, again while nobody listens or 503 says not yet. Ms from its start. */
  untilAnswered(call: Call): Promise<number>;
  /** Resident memory, MB; NaN where there is no /proc. */
  rssMb(): number;
  stop(): Promise<void>;
}

const WITHIN_MS = 30_000;
const ASK_EVERY_MS = 1;

/** `node <args>`, told by PORT where to listen; only what it needs is inherited. */
export async function startCold(args: readonly string[], settings: Record<string, string>): Promise<ColdProcess> {
  const port = await freePort();
  const env = { PATH: '/usr/bin:/bin', NODE_ENV: 'production', PORT: String(port), ...settings };
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    port,
    startedAt,
    async untilAnswered(call) {
      let status: number | undefined;
      for (const until = performance.now() + WITHIN_MS; performance.now() < until; await pause(ASK_EVERY_MS)) {
        assertAlive(child, args);
        status = await statusOf(port, call);
        if (status === 200) return performance.now() - startedAt;
        if (status !== undefined && status !== 503) break;
      }
      throw new Error(`${args.join(' ')} answered ${call.path} with ${status ?? 'nothing'}`);
    },
    rssMb: () => residentMb(child),
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
      await exited;
      clearTimeout(hard);
    },
  };
}

function assertAlive({ exitCode, signalCode }: ChildProcess, args: readonly string[]): void {
  if (exitCode === null && signalCode === null) return;
  throw new Error(`${args.join(' ')} ended before it answered`);
}

/** Undefined when nobody listens yet. */
async function statusOf(port: number, { path, headers, body, method = 'POST' }: Call): Promise<number | undefined> {
  return new Promise((resolve) => {
    const length = Buffer.byteLength(body);
    const asked = request({ host: '127.0.0.1', port, path, method, agent: false });
    for (const [name, value] of Object.entries({ ...headers, 'content-length': length })) asked.setHeader(name, value);
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('error', () => resolve(undefined));
    asked.end(body);
  });
}

function residentMb({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
