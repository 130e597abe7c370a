import { setImmediate as nextLoop } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Store } from './store.ts';

/** Nobody waits for an answer longer than this, whatever the engine itself would wait. */
const ANSWER_MS = 4_000;
/** While an earlier call has no answer yet: a person hears of one fault within 5 s, though several calls meet it (SAFETY §5.4). */
const ANSWER_WHILE_SILENT_MS = 300;
/** How often it is looked then who has waited too long. */
const LOOK_EVERY_MS = 100;
/** Woken so much later than meant, the process stood still itself: what the store answered meanwhile gets the time to be heard. */
const STOOD_STILL_MS = 500;
const HEAR_WITHIN_MS = 1_000;

interface Waiting {
  giveUpAt: number;
  giveUp(): void;
}

/**
 * The same store; a call without an answer in time is given up. The engine may still carry it out: whoever gave up a commit does
 * not know whether it was made, and the next read tells.
 *
 * @throws OpsError `store_unavailable`, retryable, and whatever the store throws
 */
export function answerInTime(store: Store, clock: Clock): Store {
  const waiting = new Set<Waiting>();
  const closing = new AbortController();
  let silent = 0;
  let watching = false;

  /** One for all calls, which mostly end before it looks: a timer for each took a tenth of a proposal's CPU. */
  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (waiting.size > 0 && !closing.signal.aborted) await look();
    watching = false;
  }

  async function look(): Promise<void> {
    const [first] = waiting;
    const wanted = silent > 0 || !first ? LOOK_EVERY_MS : first.giveUpAt - clock.now();
    const ms = Math.min(ANSWER_MS, Math.max(1, wanted));
    const meant = clock.now() + ms;
    await clock.sleep(ms, closing.signal).catch(() => undefined);
    // A busy process may come to its timers before it comes to an answer that is there.
    await nextLoop();
    const now = clock.now();
    if (now > meant + STOOD_STILL_MS) extend(now + HEAR_WITHIN_MS);
    for (const one of waiting) if (now >= one.giveUpAt) one.giveUp();
  }

  function extend(until: number): void {
    for (const one of waiting) one.giveUpAt = Math.max(one.giveUpAt, until);
  }

  function inTime<T>(work: Promise<T>, hint: string): Promise<T> {
    const ms = silent > 0 ? ANSWER_WHILE_SILENT_MS : ANSWER_MS;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const one: Waiting = {
      giveUpAt: clock.now() + ms,
      giveUp() {
        waiting.delete(one);
        silent += 1;
        const heard = () => {
          silent -= 1;
        };
        void work.then(heard, heard);
        reject(
          new OpsError('store_unavailable', `the store did not answer within ${ms} ms`, { hint, retryable: true }),
        );
      },
    };
    waiting.add(one);
    void work.finally(() => waiting.delete(one)).then(resolve, reject);
    void watch();
    return promise;
  }

  return {
    get: (kind, id) => inTime(store.get(kind, id), ASK_AGAIN),
    query: (kind, query) => inTime(store.query(kind, query), ASK_AGAIN),
    places: (kind, query) => inTime(store.places(kind, query), ASK_AGAIN),
    transact: (writes, options) => inTime(store.transact(writes, options), LOOK_AGAIN),
    async close() {
      closing.abort();
      await store.close();
    },
  };
}

const ASK_AGAIN = 'Ask again in a minute.';
const LOOK_AGAIN = 'Whether this was recorded is known after the next read: look before you ask again.';
