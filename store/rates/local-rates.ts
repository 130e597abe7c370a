import { RateLimiterMemory } from 'rate-limiter-flexible';
import { burstyRate } from './bursty-rate.ts';
import type { Rates } from './rates.ts';

/** Counted by this process for itself. A key is forgotten after ten minutes. */
export function createLocalRates(): Rates {
  return {
    open: (size) => burstyRate(size, (span) => new RateLimiterMemory(span)),
    close() {},
  };
}
