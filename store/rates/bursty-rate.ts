import { BurstyRateLimiter, type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Size } from './rates.ts';

const MINUTE_S = 60;
const BURST_AGAIN_S = 600;

/** So many points in so many seconds, counted under names that begin so. */
interface Span {
  keyPrefix: string;
  points: number;
  duration: number;
}

/** `make`: the counter of one span of time. `take` rejects with what the counter says when it cannot count. */
export function burstyRate({ name, perMinute, burst }: Size, make: (span: Span) => RateLimiterAbstract) {
  const minute = make({ keyPrefix: name, points: perMinute, duration: MINUTE_S });
  const beyond = () => make({ keyPrefix: `${name}-burst`, points: burst, duration: BURST_AGAIN_S });
  const limiter = burst > 0 ? new BurstyRateLimiter(minute, beyond()) : minute;
  return {
    async take(key: string): Promise<number | undefined> {
      try {
        await limiter.consume(key);
        return undefined;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
        throw refused;
      }
    },
  };
}
