export interface Deadline {
  readonly signal: AbortSignal;
  /** In time: nothing is aborted any more, and no timer stays behind. */
  over(): void;
}

/**
 * A signal that aborts with a `TimeoutError` after `ms`, or with `outer`'s reason when that aborts first. `AbortSignal.timeout`
 * cannot be called off: each leaves a timer that fires long after the work was done. Holds no process open.
 */
export function startDeadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const stop = () => controller.abort(outer?.reason);
  const late = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  const timer = setTimeout(late, ms);
  timer.unref();
  if (outer?.aborted) stop();
  else outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    over() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
