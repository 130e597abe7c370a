import { cleanText } from '../../lib/clean-text.ts';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import { createKeep } from '../../lib/keep.ts';
import type { Log } from '../../lib/log.ts';
import type { Connector } from './connector.ts';
import type { Place } from './directory.ts';
import { informative, typing } from './outgoing.ts';

const EVERY_MS = 1_500;
/** Teams ends a stream after two minutes; what would close it later is refused. */
const STREAM_MS = 110_000;
const LONGEST_LINE = 1_000;
const MOST_AT_WORK = 1_000;

/** What a person sees while work goes on. */
export interface Progress {
  say(to: string, text: string): void;
  /** From now until `over` is called, something is worked on that ends in an answer here. */
  answerComes(conversation: string): { over(): void };
  /** Ends what is shown in a conversation: the id of its stream, if the answer may still close one. */
  end(conversation: string): Promise<string | undefined>;
}

interface Work {
  startedAt: number;
  lastAt: number;
  /** As many as Teams took. */
  lines: number;
  streamId?: string;
  /** One call at a time: Teams takes the lines of a stream in order. */
  sending: Promise<void>;
}

/**
 * In a personal conversation the line itself, as a stream that the answer closes. Where there are no streams, or nothing
 * would close one (a pressed button is answered on its card), Teams shows that somebody types. At most one call in 1.5 s.
 * What goes wrong here is a line in the log.
 */
export function createProgress(
  clock: Clock,
  log: Log,
  connector: () => Connector,
  placeOf: (conversation: string) => Promise<Place | undefined>,
): Progress {
  const atWork = createKeep<Work>(MOST_AT_WORK);
  const answers = new Map<string, number>();

  const send = async (work: Work, conversation: string, text: string): Promise<void> => {
    try {
      const place = await placeOf(conversation);
      if (!place) return;
      if (place.type !== 'personal' || !answers.has(conversation)) {
        await connector().send(place, conversation, typing(place));
        return;
      }
      const line = informative(place, cleanText(text, LONGEST_LINE), work.lines + 1, work.streamId);
      const id = await connector().send(place, conversation, line);
      work.lines += 1;
      work.streamId ??= id || undefined;
    } catch (error) {
      log.debug({ error: asOpsError(error).message }, 'a line of progress was not shown');
    }
  };

  return {
    say(conversation, text) {
      const now = clock.now();
      const work = atWork.get(conversation) ?? begun(now);
      if (now - work.lastAt < EVERY_MS || now - work.startedAt > STREAM_MS) return;
      work.lastAt = now;
      work.sending = work.sending.then(() => send(work, conversation, text));
      atWork.set(conversation, work);
    },
    answerComes(conversation) {
      answers.set(conversation, (answers.get(conversation) ?? 0) + 1);
      return {
        over() {
          const left = (answers.get(conversation) ?? 1) - 1;
          if (left > 0) answers.set(conversation, left);
          else answers.delete(conversation);
        },
      };
    },
    async end(conversation) {
      const work = atWork.get(conversation);
      if (!work) return undefined;
      atWork.delete(conversation);
      await work.sending;
      return clock.now() - work.startedAt <= STREAM_MS ? work.streamId : undefined;
    },
  };
}

const begun = (now: number): Work => ({
  startedAt: now,
  lastAt: Number.NEGATIVE_INFINITY,
  lines: 0,
  sending: Promise.resolve(),
});
