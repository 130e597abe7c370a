import { existsSync, statSync } from 'node:fs';
import { z } from 'zod';

/** Of a file that exists; relative paths start where OpsAgent starts. */
export const FilePath = z.string().min(1).refine(isFile, 'there is no such file; paths start where OpsAgent starts');

function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}
