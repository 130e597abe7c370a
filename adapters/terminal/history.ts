import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../../lib/log.ts';
import { redact } from '../../lib/redact.ts';

const maxLines = 500;

/** Typed lines, newest first as readline keeps them, in a file only its owner reads. Secrets are blanked out. */
export interface History {
  load(): Promise<string[]>;
  /** Never fails a conversation: a history that cannot be written is a line in the log. */
  save(lines: readonly string[]): void;
  /** Resolves when everything given to `save` is in the file. */
  saved(): Promise<void>;
}

export const historyLength = maxLines;

export function createHistory(file: string, log: Log): History {
  let saving = Promise.resolve();
  async function write(lines: readonly string[]): Promise<void> {
    const kept = lines.slice(0, maxLines).map(redact).reverse();
    const draft = `${file}.new`;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    await rename(draft, file);
  }
  return {
    async load() {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean).slice(-maxLines).reverse();
    },
    save(lines) {
      const now = [...lines];
      saving = saving.then(() => write(now)).catch((thrown) => log.warn({ err: thrown }, 'history not written'));
    },
    saved: () => saving,
  };
}
