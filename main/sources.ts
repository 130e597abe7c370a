import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { sealFiles } from '../lib/sealed-files.ts';

const root = new URL('../', import.meta.url);

/** What a model is told and what tools do: the prompt, and the code around both; of a bundle, the bundle. */
export function sealSources(clock: Clock): () => string | undefined {
  const bundle = basename(import.meta.dirname) === 'dist' ? filesIn('dist/') : [];
  return sealFiles(root, [...filesIn('bot/llm/'), ...filesIn('tools/'), ...bundle], clock);
}

function filesIn(folder: string): string[] {
  const path = new URL(folder, root);
  const files = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((name) => /\.(?:ts|md|js)$/.test(name)).map((name) => folder + name);
}
