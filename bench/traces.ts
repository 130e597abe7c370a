import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ratios, spread, write } from './rounds.ts';

/** What traces cost a turn, a start and the memory, against none, interleaved: `node bench/traces.ts [rounds] [turns]` */
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);
const TURNS = Number(process.argv[3] ?? 400);
const WARM = 100;

interface Figures {
  /** ms, to the address */
  startMs: number;
  /** ms for each turn, one after the other */
  turnMs: number;
  /** CPU of the process for each turn, ms; what exports cost is in it */
  cpuMs: number;
  rssMb: number;
}

const collector = createServer((request, response) => {
  request.resume().on('end', () => response.end('{}'));
});
collector.listen(0, '127.0.0.1');
await once(collector, 'listening');
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const [address] = /http:\/\/\S+/.exec(printed) ?? [];
    if (address) return address;
  }
  throw new Error(`it did not listen: ${printed}`);
}

async function say(address: string): Promise<void> {
  const body = JSON.stringify({ id: randomUUID(), conversation: 'me', text: 'list ec2 instances' });
  const response = await fetch(`${address}/api/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-opsagent-person': 'alice@example.com' },
    body,
  });
  if (!(await response.text()).includes('"done"')) throw new Error(`turn: ${response.status} at ${address}`);
}

async function usage(address: string): Promise<{ cpuMs: number; rssMb: number }> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { cpuMs: value('process_cpu_seconds_total') * 1000, rssMb: value('process_resident_memory_bytes') / 2 ** 20 };
}

async function round(more: Record<string, string>): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
  const settings = { STORE: `sqlite:${join(folder, 'bench.db')}`, LOG_LEVEL: 'silent', PORT: '0', ...more };
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { PATH: '/usr/bin:/bin', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await addressOf(child);
  const startMs = performance.now() - began;
  for (let turn = 0; turn < WARM; turn += 1) await say(address);
  const before = await usage(address);
  const from = performance.now();
  for (let turn = 0; turn < TURNS; turn += 1) await say(address);
  const turnMs = (performance.now() - from) / TURNS;
  const after = await usage(address);
  child.kill('SIGTERM');
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
  return { startMs, turnMs, cpuMs: (after.cpuMs - before.cpuMs) / TURNS, rssMb: after.rssMb };
}

const off: Figures[] = [];
const on: Figures[] = [];
for (let at = 0; at < ROUNDS; at += 1) {
  off.push(await round({}));
  on.push(await round({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }));
}
collector.closeAllConnections();
collector.close();
for (const key of ['startMs', 'turnMs', 'cpuMs', 'rssMb'] as const) {
  const [without, traced] = [off, on].map((figures) => figures.map((one) => one[key]));
  if (without && traced)
    write(`${key}: off ${spread(without, 2)}, on ${spread(traced, 2)}, ratio ${spread(ratios(traced, without), 2)}`);
}
