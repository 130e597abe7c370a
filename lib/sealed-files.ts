import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Looking at a hundred files takes a fraction of a millisecond; doing it for each call would still be waste. */
const LOOK_EVERY_MS = 1_000;

interface Seal {
  name: string;
  path: URL;
  /** Size, times and inode: while they stay, the content is not read again. */
  mark: string;
  /** Of the content that bore the mark of the start; absent until it was read. */
  hash?: string;
}

/** Files that a running process has already taken over: a change on disk means that what runs is no longer what stands there. */
export interface SealedFiles {
  /** The first file that is not what it was. What is put back is well again once it was read; what is touched before that stays changed. */
  changed(): string | undefined;
  /** Reads what the files hold, between other work: a bundle is 18 MB, which a start must not wait for. Never rejects. */
  read(): Promise<void>;
}

export function sealFiles(folder: URL, names: readonly string[], clock: Pick<Clock, 'now'>): SealedFiles {
  const seals = names.map((name): Seal => {
    const path = new URL(name, folder);
    return { name, path, mark: markOf(path) };
  });
  let lookedAt = clock.now();
  let broken: string | undefined;
  return {
    changed() {
      // A clock that was set back must not stop the looking.
      if (Math.abs(clock.now() - lookedAt) < LOOK_EVERY_MS) return broken;
      lookedAt = clock.now();
      broken = seals.find((one) => !isWhole(one))?.name;
      return broken;
    },
    async read() {
      for (const one of seals) {
        await othersFirst();
        readOnce(one);
      }
    },
  };
}

function isWhole(one: Seal): boolean {
  const mark = markOf(one.path);
  if (mark === one.mark) return true;
  if (one.hash === undefined || hashOf(one.path) !== one.hash) return false;
  one.mark = mark;
  return true;
}

/** Kept only if nobody wrote to the file since the start. */
function readOnce(one: Seal): void {
  const hash = hashOf(one.path);
  if (markOf(one.path) === one.mark) one.hash = hash;
}

function markOf(path: URL): string {
  try {
    const found = statSync(path);
    return `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;
  } catch {
    return 'not to be seen';
  }
}

/** One for all files: a buffer for each would stay in the memory of the process. */
const piece = Buffer.alloc(64 * 1024);

/** Undefined where it cannot be read. */
function hashOf(path: URL): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const hash = createHash('sha256');
    for (let bytes = 1; bytes > 0; ) {
      bytes = readSync(file, piece, 0, piece.length, null);
      hash.update(piece.subarray(0, bytes));
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
