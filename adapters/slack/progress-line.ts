import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

/** Where a line of progress is shown; `Shown` is what is needed to change or remove it. */
export interface Surface<Shown> {
  /** Work that is done sooner never shows a line. */
  afterMs: number;
  show(text: string): Promise<Shown>;
  change(shown: Shown, text: string): Promise<unknown>;
  remove(shown: Shown): Promise<unknown>;
}

export interface ProgressLine<Shown> {
  say(text: string): void;
  /** Ends the line and hands over what shows it, for the answer to take its place. Never rejects. */
  take(): Promise<Shown | undefined>;
  /** Ends the line and leaves nothing of it. Never rejects. */
  remove(): Promise<void>;
}

/** Slack takes about one message a second in a channel. */
const everyMs = 1_000;

/** The newest text wins; a line that cannot be shown is not missed. */
export function createProgressLine<Shown>(surface: Surface<Shown>, clock: Clock, log: Log): ProgressLine<Shown> {
  let text = '';
  let stop: AbortController | undefined;
  let showing: Promise<Shown | undefined> | undefined;

  const show = async (signal: AbortSignal): Promise<Shown | undefined> => {
    let shown: Shown | undefined;
    try {
      await clock.sleep(surface.afterMs, signal);
      let last = text;
      shown = await surface.show(last);
      while (!signal.aborted) {
        await clock.sleep(everyMs, signal);
        if (text === last) continue;
        last = text;
        await surface.change(shown, last);
      }
    } catch (thrown) {
      if (!signal.aborted) log.debug({ error: asOpsError(thrown).message }, 'progress could not be shown');
    }
    return shown;
  };

  const take = async (): Promise<Shown | undefined> => {
    const ending = showing;
    stop?.abort();
    showing = undefined;
    return ending;
  };

  return {
    say(next) {
      text = next;
      if (showing) return;
      stop = new AbortController();
      showing = show(stop.signal);
    },
    take,
    async remove() {
      const shown = await take();
      if (shown === undefined) return;
      await surface.remove(shown).catch((thrown: unknown) => {
        log.debug({ error: asOpsError(thrown).message }, 'a progress line could not be taken away');
      });
    },
  };
}
