import { get, type IncomingMessage } from 'node:http';
import type { BrowserMessage } from '../../../adapters/web/browser-message.ts';

export interface SeenEvent {
  event: string;
  /** A message, a progress line, or nothing. */
  data: Partial<BrowserMessage>;
}

export interface EventStream {
  status: number;
  seen: SeenEvent[];
  /** Comments, which keep the connection alive. */
  comments: string[];
  /** Resolves when so many events have come. */
  count(amount: number): Promise<SeenEvent[]>;
  ended: Promise<void>;
  /** Reads no more: a browser that hangs. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** A small browser: opens one event stream and keeps what it hears. */
export function openEvents(
  port: number,
  conversation: string,
  person: string,
  base = `http://127.0.0.1:${port}`,
  cookie?: string,
): Promise<EventStream> {
  const query = new URLSearchParams({ conversation, as: person });
  return new Promise((resolve, reject) => {
    const headers = { host: new URL(base).host, ...(cookie !== undefined && { cookie }) };
    const sent = get({ host: '127.0.0.1', port, path: `/api/events?${query}`, agent: false, headers }, (response) =>
      resolve(read(response, () => sent.destroy())),
    );
    sent.on('error', reject);
  });
}

function read(response: IncomingMessage, close: () => void): EventStream {
  const seen: SeenEvent[] = [];
  const comments: string[] = [];
  const waiting: { amount: number; resolve: (events: SeenEvent[]) => void }[] = [];
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) take(block);
    for (const { amount, resolve } of waiting) if (seen.length >= amount) resolve(seen);
  });
  function take(block: string): void {
    if (block.startsWith(':')) comments.push(block);
    const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
    if (event && data) seen.push({ event, data: JSON.parse(data) });
  }
  const ended = new Promise<void>((resolve) => response.on('close', resolve).on('error', () => resolve()));
  const count = (amount: number) =>
    new Promise<SeenEvent[]>((resolve) => {
      if (seen.length >= amount) resolve(seen);
      else waiting.push({ amount, resolve });
    });
  return {
    status: response.statusCode ?? 0,
    seen,
    comments,
    count,
    ended,
    pause: () => response.pause(),
    resume: () => response.resume(),
    close,
  };
}
