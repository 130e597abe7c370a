import type { Live } from './live.ts';
import { createLocalHub } from './local-live.ts';
import type { RedisLiveOptions } from './redis-live.ts';

/** On Redis where there is a URL, which is connected in the background; within this process otherwise. */
export async function openLive({ url, ...options }: Omit<RedisLiveOptions, 'url'> & { url?: string }): Promise<Live> {
  if (url === undefined) return createLocalHub(options.log).join();
  const { openRedisLive } = await import('./redis-live.ts');
  return openRedisLive({ url, ...options });
}
