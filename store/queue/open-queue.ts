import type { BullQueueOptions } from './bull-queue.ts';
import { createLocalQueue } from './local-queue.ts';
import type { Queue } from './queue.ts';

/** On Redis where there is a URL, which is connected in the background; within this process otherwise. */
export async function openQueue<T>({
  url,
  ...options
}: Omit<BullQueueOptions<T>, 'url'> & { url?: string }): Promise<Queue<T>> {
  if (url === undefined) return createLocalQueue(options);
  const { openBullQueue } = await import('./bull-queue.ts');
  return openBullQueue({ url, ...options });
}
