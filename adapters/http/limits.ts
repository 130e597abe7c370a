import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface Limits {
  /** Counts one call. Undefined when it may go on, else the seconds to wait. */
  take(principal: string): Promise<number | undefined>;
  /** Counts one failed proof. Undefined while there were few from this address, else the seconds to wait. */
  failed(address: string): Promise<number | undefined>;
}

export interface Sizes {
  perMinute: number;
  /** As much more may come at once, one time in ten minutes. */
  burst: number;
  failuresPerMinute: number;
}

/** 500 a minute, and 1,000 of them at once now and then (Q4). */
const USUAL: Sizes = { perMinute: 500, burst: 500, failuresPerMinute: 20 };
const MINUTE_S = 60;
const BURST_AGAIN_S = 600;

/**
 * How often somebody may call, counted by each process for itself: behind several processes it is so many times as much.
 * Memory is bounded: principals are services and people whom the issuer vouches for, each forgotten after ten minutes; addresses fall
 * into 65,536 heaps.
 */
export function createLimits({ perMinute, burst, failuresPerMinute }: Sizes = USUAL): Limits {
  const calls = new BurstyRateLimiter(
    new RateLimiterMemory({ points: perMinute, duration: MINUTE_S, keyPrefix: 'call' }),
    new RateLimiterMemory({ points: burst, duration: BURST_AGAIN_S, keyPrefix: 'burst' }),
  );
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_S, keyPrefix: 'failed' });
  const heapOf = createHeaps();

  return {
    async take(principal) {
      try {
        await calls.consume(principal);
        return undefined;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return seconds(refused);
        throw refused;
      }
    },
    async failed(address) {
      const so = await failures.penalty(heapOf(address));
      return so.consumedPoints > failuresPerMinute ? seconds(so) : undefined;
    },
  };
}

const seconds = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** Which addresses share a heap is known to nobody outside: else somebody could fill that of somebody else. */
function createHeaps(): (address: string) => string {
  const salt = randomBytes(32);
  return (address) => createHmac('sha256', salt).update(networkOf(address)).digest('hex').slice(0, 4);
}

/** Of IPv6 the first 64 bits: whoever has one such address has them all. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16))
    .join(':');
}
