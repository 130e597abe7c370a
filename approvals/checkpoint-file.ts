import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { CheckpointPlace } from './checkpointer.ts';

/** A line a checkpoint, on a disk that whoever holds the store's disk does not hold. Synced before it counts as written. */
export function checkpointFile(path: string): CheckpointPlace {
  return {
    name: `file:${path}`,
    async write(_number, line) {
      const file = await open(path, 'a+', 0o600);
      try {
        const { size } = await file.stat();
        const last = Buffer.alloc(1);
        // A process that died in the middle of a line must not spoil the next one.
        const torn = size > 0 && (await file.read(last, 0, 1, size - 1)) && last.toString() !== '\n';
        await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    read: () => (existsSync(path) ? linesOf(path) : nothing()),
  };
}

/** Parted by line feeds alone: other characters that some readers take for line ends stay what they are. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      yield decoded(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield decoded(rest);
}

const LINE_FEED = 10;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are no UTF-8 become a line that nothing reads: put into place of them, a sign could stand for what was changed. */
function decoded(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return '\uFFFD';
  }
}

async function* nothing(): AsyncGenerator<string> {}
