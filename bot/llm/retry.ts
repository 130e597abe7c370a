import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { modelFailure, type Why } from './model-errors.ts';

const MOST_TRIES = 3;
const TRY_MS = 45_000;
/** Somebody waits in a chat: a longer wait is theirs to decide about, so they are told instead. */
const LONGEST_PAUSE_MS = 10_000;

const PASSING: ReadonlySet<unknown> = new Set<Why>(['overloaded', 'rate_limited', 'server', 'unreachable', 'cut']);

interface Terms {
  clock: Clock;
  log: Log;
  /** Ends the try that is under way and the pause between two. */
  signal: AbortSignal;
}

/**
 * Asks at most three times, each at most 45 s. What passes by itself is tried again after the pause the vendor names, or after
 * 0.5 s, 1 s and a little; a try that took too long is repeated once. `ask` gets the signal of its own try.
 *
 * @throws OpsError of the last try; `model_unavailable` with why `timeout` when the time of all tries is over
 */
export async function withRetries<T>(ask: (signal: AbortSignal) => Promise<T>, terms: Terms): Promise<T> {
  const { clock, log, signal } = terms;
  const failed: unknown[] = [];
  for (;;) {
    try {
      return await askInTime(ask, terms);
    } catch (thrown) {
      if (!(thrown instanceof OpsError) || signal.aborted) throw thrown;
      const pauseMs = pauseAfter(thrown, failed);
      if (pauseMs === undefined) throw thrown;
      failed.push(thrown.facts.why);
      log.warn({ ...thrown.facts, pauseMs }, 'the model is asked again');
      await clock.sleep(pauseMs, signal).catch(() => {
        // That it was overloaded says more than that the time is over.
        throw thrown;
      });
    }
  }
}

/** Undefined: not again. `failed` holds the reasons of the tries before. */
function pauseAfter({ facts: { why, retryAfterS } }: OpsError, failed: readonly unknown[]): number | undefined {
  if (failed.length + 1 >= MOST_TRIES) return undefined;
  if (why === 'timeout') return failed.includes('timeout') ? undefined : 0;
  if (!PASSING.has(why)) return undefined;
  if (typeof retryAfterS !== 'number') return 500 * 2 ** failed.length * (1 + Math.random() / 2);
  return retryAfterS * 1000 <= LONGEST_PAUSE_MS ? retryAfterS * 1000 : undefined;
}

/** Races the try against its time, because loading the SDK and looking up AWS credentials do not listen to the signal. */
async function askInTime<T>(ask: (signal: AbortSignal) => Promise<T>, { clock, signal }: Terms): Promise<T> {
  if (signal.aborted) throw modelFailure('timeout', { cause: signal.reason });
  const over = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const stop = (cause?: unknown) => {
    stopped.reject(modelFailure('timeout', { cause }));
    over.abort();
  };
  const stopFromOutside = () => stop(signal.reason);
  signal.addEventListener('abort', stopFromOutside, { once: true });
  const called = new AbortController();
  clock.sleep(TRY_MS, called.signal).then(
    () => stop(),
    () => {}, // Called off: the try ended in time.
  );
  try {
    return await Promise.race([ask(over.signal), stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stopFromOutside);
    called.abort();
  }
}
