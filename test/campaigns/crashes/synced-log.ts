import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { z } from 'zod';

/** Lines on disk before anything else happens: whoever is killed has said what stands here. */
export function appendSynced(path: string, line: object): void {
  const file = openSync(path, 'a');
  writeSync(file, `${JSON.stringify(line)}\n`);
  fsyncSync(file);
  closeSync(file);
}

/** A line that a kill cut short was never said. */
export function readSynced<T>(path: string, schema: z.ZodType<T>): T[] {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.slice(0, -1).map((line) => schema.parse(JSON.parse(line)));
}
