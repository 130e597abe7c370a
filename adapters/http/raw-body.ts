import type { IncomingMessage } from 'node:http';

/** Of all bodies that are still coming in: a thousand of a megabyte each would be more than the machine has. */
const MOST_TOGETHER = 64 * 1024 * 1024;

/** The bytes of bodies that are not whole yet, the oldest first. */
const comingIn = new Map<IncomingMessage, number>();
let together = 0;

/**
 * The body's bytes as they came; undefined past `maxBytes`. Of a longer body what comes up to `maxDrained` is read and thrown away, so
 * that an honest client hears why. When too many come in together, the one that has been coming for longest is cut off (SAFETY E9).
 *
 * @throws Error when the sender goes away before the end, or is cut off
 */
export async function readRawBody(
  request: IncomingMessage,
  maxBytes: number,
  maxDrained = maxBytes,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxDrained) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxDrained) return undefined;
      if (size > maxBytes) continue;
      chunks.push(chunk);
      hold(request, chunk.length);
    }
  } finally {
    letGo(request);
  }
  if (size > maxBytes) return undefined;
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function hold(request: IncomingMessage, bytes: number): void {
  comingIn.set(request, (comingIn.get(request) ?? 0) + bytes);
  together += bytes;
  for (const [oldest] of comingIn) {
    if (together <= MOST_TOGETHER) return;
    letGo(oldest);
    oldest.destroy(new Error('too many bodies come in at once'));
  }
}

function letGo(request: IncomingMessage): void {
  together -= comingIn.get(request) ?? 0;
  comingIn.delete(request);
}
