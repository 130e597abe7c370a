import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Kind, Page, Query, Store, Stored } from './store.ts';

/**
 * A page without the rows that cannot be read, each of them in the log: one damaged row must not hold up all that stand beside it
 * in a list. Nothing is decided about a row that is left out.
 *
 * @throws OpsError as `query` does, but for `store_corrupt` of a single row
 */
export async function readablePage<T>(
  { store, log }: { store: Store; log: Log },
  kind: Kind<T>,
  query: Query,
): Promise<Page<T>> {
  try {
    return await store.query(kind, query);
  } catch (error) {
    if (asOpsError(error).code !== 'store_corrupt') throw error;
  }
  const { rows: places, next } = await store.places(kind, query);
  const rows: Stored<T>[] = [];
  for (const { id } of places) {
    const row = await readable(id, () => store.get(kind, id), log);
    if (row) rows.push(row);
  }
  return { rows, next };
}

async function readable<T>(
  id: string,
  get: () => Promise<Stored<T> | undefined>,
  log: Log,
): Promise<Stored<T> | undefined> {
  try {
    return await get();
  } catch (error) {
    const { code, message, facts } = asOpsError(error);
    if (code !== 'store_corrupt') throw error;
    log.error({ id, ...facts, error: message }, 'a row cannot be read and was passed over');
    return undefined;
  }
}
