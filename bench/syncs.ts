import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Syncs of the disk, counted and slowed for a process of its own; SQLite's too, which are out of reach of JavaScript. */
export interface Syncs {
  /** For the environment of the process. */
  env: Record<string, string>;
  /** Syncs so far, of every process with this environment. */
  count(): number;
}

const COMPILER = 'cc';

/** Builds the shim in the folder. @throws when there is no C compiler: then nothing can be measured */
export function watchSyncs(folder: string, delayMs = 0): Syncs {
  const library = join(folder, 'slow-sync.so');
  const counter = join(folder, 'syncs');
  const source = fileURLToPath(new URL('./slow-sync.c', import.meta.url));
  execFileSync(COMPILER, ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
  writeFileSync(counter, Buffer.alloc(8));
  return {
    env: { LD_PRELOAD: library, SYNC_COUNT: counter, SYNC_DELAY_US: String(delayMs * 1_000) },
    count: () => Number(readFileSync(counter).readBigUInt64LE()),
  };
}
