import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Heard {
  /** The status of each answer, in order. */
  statuses: number[];
  text: string;
  /** Whether the server ended it. */
  closed: boolean;
  ms: number;
}

/** Sends bytes as no client would, and hears what comes back until the server ends it, or for `withinMs`. */
export async function sendRaw(port: number, parts: Iterable<string | Buffer>, withinMs = 3_000, dripMs = 0) {
  const began = performance.now();
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const over = new AbortController();
  const ended = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  void ended.then(() => over.abort());
  void drip(socket, parts, dripMs, over.signal);
  const closed = await Promise.race([ended, sleep(withinMs, false, { signal: over.signal }).catch(() => true)]);
  over.abort();
  socket.destroy();
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { statuses, text, closed, ms: performance.now() - began } satisfies Heard;
}

async function drip(socket: Socket, parts: Iterable<string | Buffer>, ms: number, over: AbortSignal): Promise<void> {
  for (const part of parts) {
    if (over.aborted || !socket.writable) return;
    socket.write(part);
    if (ms > 0) await sleep(ms, undefined, { signal: over }).catch(() => undefined);
  }
}

export interface Held {
  /** Still open. */
  open(): number;
  letGo(): void;
}

/** Opens `count` connections, says `first` on each, reads nothing, and holds what is not cut. */
export async function hold(port: number, count: number, first: (index: number) => string): Promise<Held> {
  const sockets = new Set<Socket>();
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.add(socket);
    socket.on('error', () => undefined);
    // Half a close is none: what the server has ended is seen only by who reads.
    socket.on('close', () => sockets.delete(socket));
    socket.pause();
    const said = first(index);
    if (said !== '') socket.write(said);
    if (index % 100 === 99) await once(socket, 'connect').catch(() => undefined);
  }
  return {
    open: () => sockets.size,
    letGo() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
