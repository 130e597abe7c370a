import { createLocalRates } from './local-rates.ts';
import type { Rates } from './rates.ts';
import type { RedisRatesOptions } from './redis-rates.ts';

/** In Redis where there is a URL, which is connected in the background; in this process otherwise. */
export async function openRates({
  url,
  ...options
}: Omit<RedisRatesOptions, 'url'> & { url?: string }): Promise<Rates> {
  if (url === undefined) return createLocalRates();
  const { openRedisRates } = await import('./redis-rates.ts');
  return openRedisRates({ url, ...options });
}
