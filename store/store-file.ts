import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { CopiedRow } from './copied-row.ts';

/** The first line of an export, and the number of its form. */
const First = z.strictObject({ opsagent_store: z.literal(1) });
/** The last line: without it the file was cut off. The hash is over every line before it. */
const Last = z.strictObject({ rows: z.number().int(), sha256: z.string() });
type Last = z.output<typeof Last>;

/**
 * Writes every row as a JSON line into a new file for its owner alone. Nothing is left of a file that could not be finished.
 *
 * @returns how many rows there are
 * @throws OpsError `store_unavailable` when the file exists or cannot be written, and whatever reading the rows throws
 */
export async function writeStoreFile(path: string, rows: AsyncIterable<CopiedRow>): Promise<number> {
  const count = { rows: 0 };
  // 'wx': nothing that exists is written over, and only what was made here is taken away again.
  const file = await open(path, 'wx', 0o600).catch((error) => {
    throw fileError(error, path);
  });
  try {
    await pipeline(Readable.from(linesOf(rows, count)), file.createWriteStream({ flush: true }));
    return count.rows;
  } catch (error) {
    rmSync(path, { force: true });
    throw fileError(error, path);
  }
}

/**
 * Reads the whole file once, so that nothing is imported from one that was cut off or changed.
 *
 * @returns how many rows there are
 * @throws OpsError `input_invalid`
 */
export async function checkStoreFile(path: string): Promise<number> {
  const hash = createHash('sha256');
  let rows = -1;
  let last: Last | undefined;
  for await (const line of linesIn(path)) {
    if (last !== undefined) throw unreadable(path, rows + 2);
    last = rows < 0 ? undefined : Last.safeParse(json(line)).data;
    if (last !== undefined) continue;
    const schema = rows < 0 ? First : CopiedRow;
    if (!schema.safeParse(json(line)).success) throw unreadable(path, rows + 2);
    hash.update(`${line}\n`);
    rows += 1;
  }
  if (last?.rows === rows && last.sha256 === hash.digest('hex')) return rows;
  throw new OpsError('input_invalid', `the export is not whole (${path})`, {
    hint: 'It was cut off or changed: make it again with `opsagent store export`.',
  });
}

/** The rows of a file that was checked. */
export async function* rowsOfFile(path: string): AsyncGenerator<CopiedRow> {
  for await (const line of linesIn(path)) {
    const row = CopiedRow.safeParse(json(line));
    if (row.success) yield row.data;
  }
}

async function* linesOf(rows: AsyncIterable<CopiedRow>, count: { rows: number }): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (line: string): string => {
    hash.update(line);
    return line;
  };
  yield hashed(lineOf({ opsagent_store: 1 } satisfies z.input<typeof First>));
  for await (const row of rows) {
    yield hashed(lineOf(row));
    count.rows += 1;
  }
  yield lineOf({ rows: count.rows, sha256: hash.digest('hex') } satisfies z.input<typeof Last>);
}

/** Readers of lines take these two for line ends, and JSON leaves them as they are. */
function lineOf(value: object): string {
  return `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}

async function* linesIn(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw fileError(error, path);
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, line: number): OpsError {
  return new OpsError('input_invalid', `line ${line + 1} is not one of an export of a store (${path})`, {
    hint: 'Name a file that `opsagent store export` wrote.',
  });
}

function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new OpsError('store_unavailable', `the file cannot be used (${path}): ${error.code}`, {
    hint: 'Check the path, the rights and the disk. An export goes into a new file.',
    cause: error,
  });
}
