import { BurstyRateLimiter, type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Size } from './rates.ts';

const MINUTE_S = 60;
const BURST_AGAIN_S = 600;

/** What a minute takes, and what may come beyond it; without the second there is no beyond. */
export function spans({ name, perMinute, burst }: Size, prefix = '') {
  return [
    { keyPrefix: `${prefix}${name}`, points: perMinute, duration: MINUTE_S },
    ...(burst > 0 ? [{ keyPrefix: `${prefix}${name}-burst`, points: burst, duration: BURST_AGAIN_S }] : []),
  ];
}

/** Rejects with what the place of the counts says when they cannot be had. */
export function burstyRate([minute, beyond]: readonly RateLimiterAbstract[]) {
  if (!minute) throw new Error('a rate has no span of time');
  const limiter = beyond ? new BurstyRateLimiter(minute, beyond) : minute;
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
