import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { type SealedFiles, sealFiles } from '../lib/sealed-files.ts';

const root = new URL('../', import.meta.url);

/** What a model is told and what tools do: the prompt, and the code around both. Of a bundle, whose code is in one folder, the prompt and that. */
export function sealSources(clock: Clock): SealedFiles {
  const isBundle = basename(import.meta.dirname) === 'dist';
  const names = isBundle
    ? [...filesIn('bot/llm/', /\.md$/), ...filesIn('dist/', /\.js$/)]
    : ['bot/llm/', 'tools/'].flatMap((folder) => filesIn(folder, /\.(?:ts|md)$/));
  return sealFiles(root, names, clock);
}

function filesIn(folder: string, kind: RegExp): string[] {
  const path = new URL(folder, root);
  const files = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((name) => kind.test(name)).map((name) => folder + name);
}
