import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Log } from '../lib/log.ts';
import type { AuditRecord } from './audit-record.ts';
import { type ChainEnd, endIn } from './audit-walk.ts';

export interface AuditCopy {
  readonly append: (record: AuditRecord) => void;
  close(): Promise<void>;
}

/** The second copy: a JSON line a record, appended after its commit. Losing it is logged and never stops work; the store is the truth. */
export function createAuditCopy(path: string, log: Log): AuditCopy {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  stream.on('error', (error) => log.error({ error: error.message }, 'the audit copy could not be written'));
  return {
    append: (record) => {
      stream.write(`${oneLine(record)}\n`);
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

/** Readers of lines take these two for line ends, and JSON leaves them as they are. */
function oneLine(record: AuditRecord): string {
  return JSON.stringify(record).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

const Line = z.object({ chain: z.string(), seq: z.number().int(), hash: z.string() });

/** What a copy says of each record: chain → sequence number → hash. */
export type CopyHashes = ReadonlyMap<string, ReadonlyMap<number, string>>;

/**
 * What the copy says of each record. `broken` counts lines that are not records, and those that contradict an earlier one: a
 * copy is only ever added to, so what was said first stands.
 */
export async function readAuditCopy(path: string): Promise<{ hashes: CopyHashes; broken: number }> {
  const hashes = new Map<string, Map<number, string>>();
  let broken = 0;
  if (!existsSync(path)) return { hashes, broken };
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = parse(text);
    const ofChain = (line && hashes.get(line.chain)) ?? new Map<number, string>();
    if (line && (ofChain.get(line.seq) ?? line.hash) === line.hash)
      hashes.set(line.chain, ofChain.set(line.seq, line.hash));
    else if (text.trim()) broken += 1;
  }
  return { hashes, broken };
}

/**
 * Saves the lines of the copy at `from` up to the last record of each chain at `to`, which must not exist yet. Lines that are no
 * records are saved as they are: what is wrong with a copy is not for a backup to hide. Nothing is done when there is no copy.
 */
export async function saveAuditCopy(from: string, to: string, ends: readonly ChainEnd[]): Promise<void> {
  if (!existsSync(from)) return;
  const saved = createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true });
  await once(saved, 'open');
  for await (const text of createInterface({ input: createReadStream(from) })) {
    const line = parse(text);
    const isLater = line !== undefined && line.seq > endIn(ends, line.chain).seq;
    if (!isLater && !saved.write(`${text}\n`)) await once(saved, 'drain');
  }
  saved.end();
  await once(saved, 'close');
}

function parse(text: string): z.output<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
