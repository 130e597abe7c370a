import { existsSync, readdirSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { sealFiles } from '../lib/sealed-files.ts';

const root = new URL('../', import.meta.url);

/** What a model is told and what tools do: the prompt, and the code around both as far as it lies on the disk. In a bundle it is inside the program. */
export function sealSources(clock: Clock): () => string | undefined {
  return sealFiles(root, [...filesIn('bot/llm/'), ...filesIn('tools/')], clock);
}

function filesIn(folder: string): string[] {
  const path = new URL(folder, root);
  const files = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((name) => /\.(?:ts|md)$/.test(name)).map((name) => folder + name);
}
