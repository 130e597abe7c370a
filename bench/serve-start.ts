import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** The first sweep and the first measuring are over. */
const SETTLE_MS = 3_000;

export interface Started {
  /** From the start of the process to a 200 of /ready. */
  readyMs: number;
  rssMb: number;
}

/** Starts `opsagent serve` on a store file and ends it again. Linux: memory is read from /proc. */
export async function untilReady(path: string): Promise<Started> {
  const env = { PATH: '/usr/bin:/bin', STORE: `sqlite:${path}`, PORT: '0', LOG_LEVEL: 'error' };
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const address = await addressIn(child.stdout);
  const { status } = await fetch(`${address}/ready`);
  const readyMs = performance.now() - began;
  await pause(SETTLE_MS);
  const rssMb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  child.kill('SIGTERM');
  await exited;
  if (status !== 200) throw new Error(`/ready answered ${status}`);
  return { readyMs, rssMb };
}

async function addressIn(stdout: AsyncIterable<Buffer>): Promise<string> {
  let printed = '';
  for await (const chunk of stdout) {
    printed += chunk;
    const [address] = /http:\/\/[\d.]+:\d+/.exec(printed) ?? [];
    if (address) return address;
  }
  throw new Error('the program ended before it listened');
}
