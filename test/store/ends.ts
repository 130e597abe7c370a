import { OpsError } from '../../lib/errors.ts';
import type { Query, Store, Stored, Write } from '../../store/store.ts';
import { type Note, notes } from './notes.ts';

/** The row, which must be there. */
export async function noteRow(store: Store, id: string): Promise<Stored<Note>> {
  const found = await store.get(notes, id);
  if (found === undefined) throw new Error(`${id} is not there`);
  return found;
}

/** The error of a call that must fail. */
export async function refused(call: Promise<unknown>): Promise<OpsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpsError) return error;
    throw error;
  }
  throw new Error('the call went through');
}

/** The ids of one page of notes. */
export async function noteIds(store: Store, query: Query): Promise<string[]> {
  return (await store.query(notes, query)).rows.map(({ id }) => id);
}

/** Each by itself: what a list holds does not depend on how its rows came, and no engine's limit of a commit is touched. */
export async function writeEach(store: Store, writes: readonly Write[]): Promise<void> {
  for (const write of writes) await store.transact([write]);
}
