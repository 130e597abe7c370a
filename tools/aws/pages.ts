export interface Collected<T> {
  items: T[];
  /** AWS had more than the limits allow to read. */
  more: boolean;
}

/** One page: its items and the token of the next one. */
export type PageFn<T> = (token: string | undefined) => Promise<{ items: readonly T[]; next?: string }>;

/** Reads pages one after the other until AWS has no more, or `maxPages` or `maxItems` is reached. */
export async function collect<T>(
  page: PageFn<T>,
  { maxPages, maxItems }: { maxPages: number; maxItems: number },
): Promise<Collected<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let read = 0; read < maxPages; read += 1) {
    const { items: found, next } = await page(token);
    items.push(...found);
    if (items.length > maxItems) return { items: items.slice(0, maxItems), more: true };
    if (!next) return { items, more: false };
    // The same token again would read the same page for ever.
    if (next === token || items.length === maxItems) return { items, more: true };
    token = next;
  }
  return { items, more: true };
}
