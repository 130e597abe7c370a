import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('workers/aws-oracle.ts', import.meta.url));

/** A reboot that reached AWS. Epoch ms; `ended` is missing while it is under way. */
export interface Reboot {
  id: string;
  started: number;
  ended?: number;
}

export interface Oracle {
  url: string;
  /** What reached AWS, from the synced file: nothing that happened is missing, whoever was killed. */
  reboots(): Reboot[];
  /** How often each instance was asked for, whether it was rebooted or not. */
  requests(): Map<string, number>;
  stop(): Promise<void>;
}

const Line = z.object({
  call: z.number(),
  id: z.string(),
  started: z.number().optional(),
  ended: z.number().optional(),
  turnedAway: z.number().optional(),
});
type Line = z.output<typeof Line>;

/** Starts AWS as its own process; see `workers/aws-oracle.ts` for what it does. */
export async function startOracle(journal: string, holdMs: number): Promise<Oracle> {
  const child = spawn(process.execPath, [program, journal], {
    env: { PATH: process.env.PATH, HOLD_MS: String(holdMs) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port } = z.object({ port: z.number() }).parse(JSON.parse(String(line)));
  return {
    url: `http://127.0.0.1:${port}`,
    reboots: () => rebootsIn(readLines(journal)),
    requests: () => requestsIn(readLines(journal)),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function readLines(journal: string): Line[] {
  const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Line.parse(JSON.parse(line)));
}

function rebootsIn(lines: readonly Line[]): Reboot[] {
  const calls = new Map<number, Reboot>();
  for (const { call, id, started, ended, turnedAway } of lines) {
    if (turnedAway !== undefined) continue;
    const known = calls.get(call) ?? { id, started: started ?? 0 };
    calls.set(call, ended === undefined ? known : { ...known, ended });
  }
  return [...calls.values()];
}

function requestsIn(lines: readonly Line[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { id, started, turnedAway } of lines)
    if (started !== undefined || turnedAway !== undefined) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}
