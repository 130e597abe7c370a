import { z } from 'zod';
import { utc } from '../lib/utc.ts';
import { check, type Kind, put, remove, type Store, update, type Write } from '../store/store.ts';

const Pause = z.strictObject({ by: z.string(), at: z.string(), reason: z.string() });
type Pause = z.output<typeof Pause>;

/** The kill switch that people press in chat; the policy file has one too, and either is enough. */
const pauseKind: Kind<Pause> = { name: 'pause', schema: Pause, indexes: {} };
const ALL = 'all';

/** Why changes are paused, in words, or undefined. */
export async function readPause(store: Store): Promise<string | undefined> {
  const row = await store.get(pauseKind, ALL);
  return row && `All changes were paused by ${row.value.by} at ${utc(row.value.at)}: ${row.value.reason}.`;
}

/** The check that nobody pauses in the moment between the last look and the call. */
export const notPaused = (): Write => check(pauseKind, ALL, 'absent');

/** The write that pauses or resumes; undefined when there is nothing to do. */
export async function pauseWrite(store: Store, pause: Pause | undefined): Promise<Write | undefined> {
  const row = await store.get(pauseKind, ALL);
  if (!pause) return row && remove(pauseKind, row);
  return row ? update(pauseKind, row, pause) : put(pauseKind, ALL, pause);
}
