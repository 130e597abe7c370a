import type { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';

/**
 * Who does what when, among the processes on one store. What there is to do stands in the store: a queue that loses everything
 * loses time. A job runs at least once, may run twice at the same moment, and one that fails is logged and not tried again.
 */
export interface Queue<T> {
  /** `notBefore`: epoch ms. A second job with the id of one that waits is the same job. */
  enqueue(id: string, job: T, when?: { notBefore: number }): Promise<void>;
  /** One process does `job`, about every `everyMs`, until all that process are gone; each of them says so. */
  schedule(id: string, everyMs: number, job: T): Promise<void>;
  /** This process takes part, with one job at a time. Without it, it only hands in. */
  process(handler: (job: T) => Promise<void>): void;
  /** Takes no more jobs and waits for the one under way. */
  close(): Promise<void>;
}

export interface QueueOptions<T> {
  /** Jobs that do not parse are nobody's. */
  schema: z.ZodType<T>;
  clock: Clock;
  log: Log;
}
