import { existsSync, readdirSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { sealFiles } from '../lib/sealed-files.ts';

const root = new URL('../', import.meta.url);
const PROMPT = 'bot/llm/prompt.md';

/** The prompt, and every tool as far as it lies on the disk: in a bundle it is inside the program. */
export function sealSources(clock: Clock): () => string | undefined {
  const tools = new URL('tools/', root);
  const files = existsSync(tools) ? readdirSync(tools, { recursive: true, encoding: 'utf8' }) : [];
  const sources = files.filter((name) => name.endsWith('.ts')).map((name) => `tools/${name}`);
  return sealFiles(root, [PROMPT, ...sources], clock);
}
