import { setImmediate as nextLoop } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Store } from './store.ts';

/** Nobody waits for an answer longer than this, whatever the engine itself would wait. */
const ANSWER_MS = 4_000;
/** While an earlier call has no answer yet: a person hears of one fault within 5 s, though several calls meet it (SAFETY §5.4). */
const ANSWER_WHILE_SILENT_MS = 300;

/**
 * The same store; a call without an answer in time is given up. The engine may still carry it out: whoever gave up a commit does
 * not know whether it was made, and the next read tells.
 *
 * @throws OpsError `store_unavailable`, retryable, and whatever the store throws
 */
export function answerInTime(store: Store, clock: Clock): Store {
  let silent = 0;

  const heard = () => {
    silent -= 1;
  };

  async function inTime<T>(work: Promise<T>, hint: string): Promise<T> {
    const answered = new AbortController();
    const settled = work.finally(() => answered.abort());
    const ms = silent > 0 ? ANSWER_WHILE_SILENT_MS : ANSWER_MS;
    const late = async (): Promise<T> => {
      // Rejects when the answer came first.
      await clock.sleep(ms, answered.signal).catch(() => undefined);
      // A busy process may come to its timers before it comes to an answer that is there.
      await nextLoop();
      if (answered.signal.aborted) return settled;
      silent += 1;
      void settled.then(heard, heard);
      throw new OpsError('store_unavailable', `the store did not answer within ${ms} ms`, { hint, retryable: true });
    };
    return Promise.race([settled, late()]);
  }

  return {
    get: (kind, id) => inTime(store.get(kind, id), ASK_AGAIN),
    query: (kind, query) => inTime(store.query(kind, query), ASK_AGAIN),
    places: (kind, query) => inTime(store.places(kind, query), ASK_AGAIN),
    transact: (writes, options) => inTime(store.transact(writes, options), LOOK_AGAIN),
    close: () => store.close(),
  };
}

const ASK_AGAIN = 'Ask again in a minute.';
const LOOK_AGAIN = 'Whether this was recorded is known after the next read: look before you ask again.';
