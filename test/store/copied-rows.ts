import type { CopiedRow } from '../../store/copied-row.ts';

/** Rows as an export holds them, each standing in no list. */
export function copiedRows(count: number, text = ''): CopiedRow[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ kind: 'counter', id: `c${n}`, version: n + 1, value: { text }, entries: [] },
  }));
}

/** They come one by one; `andThen` runs after the last was taken. */
export async function* coming(rows: readonly CopiedRow[], andThen?: () => unknown): AsyncGenerator<CopiedRow> {
  yield* rows;
  await andThen?.();
}

export async function all(rows: AsyncIterable<CopiedRow>): Promise<CopiedRow[]> {
  const found: CopiedRow[] = [];
  for await (const row of rows) found.push(row);
  return found.sort((one, other) => one.version - other.version);
}
