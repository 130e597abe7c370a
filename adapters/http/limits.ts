import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { createLocalRates } from '../../store/rates/local-rates.ts';
import type { Rates } from '../../store/rates/rates.ts';

export interface Limits {
  /** Counts one call. Undefined when it may go on, else the seconds to wait. */
  take(principal: string): Promise<number | undefined>;
  /** Counts one failed proof. Undefined while there were few from this address, else the seconds to wait. */
  failed(address: string): Promise<number | undefined>;
}

export interface Sizes {
  perMinute: number;
  /** As many more may come in ten minutes, at once or spread. */
  burst: number;
  failuresPerMinute: number;
}

interface Choices {
  sizes?: Sizes;
  rates?: Rates;
}

/** 500 a minute, and 1,000 of them at once now and then (Q4). */
const USUAL: Sizes = { perMinute: 500, burst: 500, failuresPerMinute: 20 };

/**
 * How often somebody may call, counted where `rates` says. Failed proofs are counted by each process for itself.
 * Memory is bounded: principals are services and people whom the issuer vouches for, each forgotten after ten minutes; addresses fall
 * into 65,536 heaps.
 */
export function createLimits({ sizes = USUAL, rates = createLocalRates() }: Choices = {}): Limits {
  const { perMinute, burst, failuresPerMinute } = sizes;
  const calls = rates.open({ name: 'call', perMinute, burst });
  const failures = createLocalRates().open({ name: 'failed', perMinute: failuresPerMinute, burst: 0 });
  const heapOf = createHeaps();
  return {
    take: (principal) => calls.take(principal),
    failed: (address) => failures.take(heapOf(address)),
  };
}

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
