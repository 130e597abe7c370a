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
  stop(): Promise<void>;
}

const Line = z.object({
  call: z.number(),
  id: z.string(),
  started: z.number().optional(),
  ended: z.number().optional(),
});

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
    reboots: () => readJournal(readFileSync(journal, 'utf8')),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function readJournal(text: string): Reboot[] {
  const calls = new Map<number, Reboot>();
  for (const line of text.split('\n').filter(Boolean)) {
    const { call, id, started, ended } = Line.parse(JSON.parse(line));
    const known = calls.get(call) ?? { id, started: started ?? 0 };
    calls.set(call, ended === undefined ? known : { ...known, ended });
  }
  return [...calls.values()];
}
