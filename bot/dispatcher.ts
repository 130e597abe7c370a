import { AsyncLocalStorage } from 'node:async_hooks';
import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { createCardCopies } from './card-copies.ts';
import type { MessageRef } from './channel.ts';
import { createDeliveries } from './deliveries.ts';
import { tellInterrupted } from './interrupted.ts';
import type { ShowingParts } from './showing-parts.ts';

/** How soon this process shows what another one decided. */
const EVERY_MS = 500;
/** A stop says what is due for so long; a platform that is away must not hold it up, and what is left is said after the next start. */
const STOP_SAYS_FOR_MS = 5_000;

/** Says what is due and keeps cards true, on the channels this process hosts. Truth is in the store; this only shows it. */
export interface Dispatcher {
  keepCopy(message: MessageRef, change: { id: string; version: number }): Promise<void>;
  /** This change moved in this process, or something is to be said on these channels, all when left out: look now. */
  wake(changeId?: string, saidOn?: readonly string[]): void;
  /** Resolves when all that is due now was tried once. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function createDispatcher(parts: ShowingParts): Dispatcher {
  const copies = createCardCopies(parts);
  const ending = new AbortController();
  const deliverDue = createDeliveries({ ...parts, copies, ending: ending.signal });
  // Lanes of their own: a webhook that does not answer must not hold up a card.
  let around = false;
  const keepTrue = () => {
    const look = { around };
    around = false;
    return copies.refresh(look);
  };
  const cards = createLane(keepTrue, parts.log);
  const posts = [...parts.channels].map(([name, channel]) => ({
    name,
    lane: createLane(() => deliverDue(channel), parts.log),
  }));
  const interrupted = createLane(() => tellInterrupted(parts), parts.log);
  let timer: NodeJS.Timeout | undefined;

  // Not in the context of whoever wakes it: what is said then is no part of their answer.
  const outside = AsyncLocalStorage.snapshot();
  const run = (saidOn?: readonly string[]): Promise<void> =>
    outside(async () => {
      // The other lanes would ask the store in vain.
      const due = posts.filter(({ name }) => saidOn?.includes(name) ?? true);
      await Promise.all([...due.map(({ lane }) => lane()), cards()]);
    });
  const flush = async (): Promise<void> => {
    around = true;
    await interrupted();
    await run();
  };

  return {
    async keepCopy(message, change) {
      await copies.keep(message, change);
      if (copies.isBehind()) void outside(cards);
    },
    wake(changeId, saidOn) {
      if (changeId) copies.moved(changeId);
      void run(saidOn);
    },
    flush,
    start() {
      timer = setInterval(() => void flush(), EVERY_MS);
      void flush();
    },
    async stop() {
      clearInterval(timer);
      const said = new AbortController();
      const late = parts.clock.sleep(STOP_SAYS_FOR_MS, said.signal).then(
        () => ending.abort(),
        () => undefined,
      );
      await flush();
      said.abort();
      await late;
    },
  };
}

/** One pass at a time; a wish made during a pass is granted right after it. Never rejects. */
function createLane(work: () => Promise<void>, log: Log): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  return () => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await work().catch((error: unknown) =>
          log.warn({ error: asOpsError(error).message }, 'a delivery pass failed'),
        );
      }
      running = undefined;
    })();
    return running;
  };
}
