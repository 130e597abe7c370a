import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call, callsOf } from './calls.ts';
import { answering, share } from './rounds.ts';

/** A closed loop over raw sockets: as many requests under way as there are connections. Bounded in count. */
export interface LoadJob {
  port: number;
  kind: keyof typeof callsOf;
  /** The first number; every number is another change, another message. */
  from: number;
  count: number;
  connections: number;
  /** Waits this long after each answer, so that what follows from it is over: the unloaded case. */
  gapMs?: number;
  /** What the maker of calls needs to know. */
  with?: Record<string, string>;
}

export interface LoadResult {
  seconds: number;
  /** ms, of each request, shortest first */
  times: number[];
  p50: number;
  p99: number;
  statuses: Record<string, number>;
}

async function run({ port, kind, from, count, connections, gapMs = 0, with: more = {} }: LoadJob): Promise<LoadResult> {
  const make = callsOf[kind](more);
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let next = from;
  const end = from + count;
  const loop = async () => {
    const talk = await open(port);
    while (next < end) {
      const bytes = toBytes(make(next++));
      const began = performance.now();
      const status = await talk.send(bytes);
      times.push(performance.now() - began);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (gapMs > 0) await pause(gapMs);
    }
    talk.close();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  return { seconds, times, p50: share(times, 0.5), p99: share(times, 0.99), statuses };
}

function toBytes({ path, method = 'POST', headers, body }: Call): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n`;
  return Buffer.from(head + body);
}

interface Talk {
  send(bytes: Buffer): Promise<string>;
  close(): void;
}

/** One connection, one request at a time; opened anew when the server closes it. */
async function open(port: number): Promise<Talk> {
  let socket = await connected(port);
  return {
    async send(bytes) {
      if (socket.destroyed) socket = await connected(port);
      socket.write(bytes);
      return answerFrom(socket);
    },
    close: () => socket.destroy(),
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => socket.destroy());
  return socket;
}

/** The status, once the whole answer is there. */
function answerFrom(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = (status: string) => {
      socket.off('data', more);
      socket.off('close', lost);
      resolve(status);
    };
    const lost = () => done('closed');
    const more = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (isWhole(text)) done(text.slice(9, 12));
    };
    socket.on('data', more);
    socket.on('close', lost);
  });
}

function isWhole(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return false;
  const head = text.slice(0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return text.length >= headEnd + 4 + Number(length);
  return head.includes('transfer-encoding: chunked') ? text.endsWith('0\r\n\r\n') : true;
}

answering({ ready: true }, run, async () => {});
