import { readFileSync, statSync } from 'node:fs';
import type { Clock } from './clock.ts';
import { sha256Hex } from './ids.ts';

/** Looking at a hundred files takes a fraction of a millisecond; doing it for each call would still be waste. */
const LOOK_EVERY_MS = 1_000;

interface Seal {
  name: string;
  path: URL;
  hash: string;
  /** Size, time and inode: while they stay, the content is not read again. */
  mark: string;
}

/**
 * Files that a running process has already taken over: a change on disk means that what runs is no longer what stands there.
 * The function answers with the name of the first file that is not what it was; what is put back is well again.
 *
 * @throws what `readFileSync` throws for a file that is not there now
 */
export function sealFiles(folder: URL, names: readonly string[], clock: Pick<Clock, 'now'>): () => string | undefined {
  const seals = names.map((name) => seal(name, new URL(name, folder)));
  let lookedAt = clock.now();
  let broken: string | undefined;
  return () => {
    // A clock that was set back must not stop the looking.
    if (Math.abs(clock.now() - lookedAt) < LOOK_EVERY_MS) return broken;
    lookedAt = clock.now();
    broken = seals.find((one) => !isWhole(one))?.name;
    return broken;
  };
}

function seal(name: string, path: URL): Seal {
  return { name, path, hash: sha256Hex(readFileSync(path, 'utf8')), mark: markOf(path) };
}

function isWhole(one: Seal): boolean {
  const mark = markOf(one.path);
  if (mark === one.mark) return true;
  if (hashOf(one.path) !== one.hash) return false;
  one.mark = mark;
  return true;
}

function markOf(path: URL): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.mtimeMs} ${found.ino}` : 'gone';
}

function hashOf(path: URL): string | undefined {
  try {
    return sha256Hex(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
