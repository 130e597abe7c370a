import type { TurnResult } from '../../bot/turn.ts';

/** A delivery that is being worked on. */
export interface Taken {
  /** The body of the answer to Slack. */
  ack: unknown;
  /** Resolves when the store knows of it; rejects when it was not heard at all. Slack is told either. */
  heard: Promise<unknown>;
  /** Resolves when all that follows from it is done; of a turn, with what became of it. Never rejects. */
  done: Promise<TurnResult | undefined>;
}

const now = Promise.resolve();

/** Told to Slack at once, whatever becomes of `work`, which never rejects. */
export const atOnce = (work: Promise<unknown> = now): Taken => ({
  ack: '',
  heard: now,
  done: work.then(() => undefined),
});
