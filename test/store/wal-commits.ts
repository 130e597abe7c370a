import { readFile } from 'node:fs/promises';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * How many transactions the write-ahead log beside the file holds: each ends with a frame that names the size of the database.
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
export async function walCommits(path: string): Promise<number> {
  const wal = await readFile(`${path}-wal`);
  const pageSize = wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = headerBytes; at + frameHeaderBytes <= wal.length; at += frameHeaderBytes + pageSize) {
    const current = wal.subarray(at + 8, at + 16).equals(salt);
    if (current && wal.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}
