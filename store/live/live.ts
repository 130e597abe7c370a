import { z } from 'zod';
import type { Log } from '../../lib/log.ts';

/** A kind of hint. Processes of another version use another number and do not hear each other. */
export interface Topic<T> {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
}

type Handler<T> = (message: T) => void | Promise<void>;

/**
 * Hints between processes on one store: 'look now', never what is true. A message arrives at most once and may be lost; whoever
 * acts on it reads the store. It holds ids only: no secret, nothing that is shown.
 */
export interface Live {
  /** Tells the other processes. Waits for nothing and never throws: what cannot go now is lost. */
  publish<T>(topic: Topic<T>, message: T): void;
  /** Hears the other processes, never this one. */
  subscribe<T>(topic: Topic<T>, handler: Handler<T>): void;
  /** `look` is called every 2 s while messages may be lost, and once when they arrive again. */
  onGap(look: Handler<void>): void;
  /** `lost`: messages may be lost now. `alone`: this process has nobody to tell. */
  state(): 'alone' | 'connected' | 'lost';
  close(): Promise<void>;
}

/** A longer message is none of ours. */
const MOST_CHARACTERS = 1_000;

export const channelOf = ({ name, version }: Topic<unknown>): string => `${name}:v${version}`;

export const encode = (from: string, body: unknown): string => JSON.stringify({ from, body });

/** Hands what arrives to its handlers; what does not parse, or comes from `self`, goes to nobody. */
export function createReceiver(self: string, log: Log) {
  const takers = new Map<string, ((text: string) => Promise<void>)[]>();

  return {
    add<T>(topic: Topic<T>, handler: Handler<T>): void {
      const Envelope = z.strictObject({ from: z.string().max(100), body: topic.schema });
      const take = async (text: string) => {
        const parsed = Envelope.safeParse(parseJson(text));
        if (!parsed.success) return log.debug({ topic: topic.name }, 'a message that is none of ours was ignored');
        if (parsed.data.from !== self) await handler(parsed.data.body as T);
      };
      const channel = channelOf(topic);
      takers.set(channel, [...(takers.get(channel) ?? []), take]);
    },
    /** Resolves when every handler is done. Never rejects. */
    async receive(channel: string, text: string): Promise<void> {
      if (text.length > MOST_CHARACTERS) return;
      const all = (takers.get(channel) ?? []).map((take) => take(text));
      for (const { status, ...end } of await Promise.allSettled(all))
        if (status === 'rejected') log.warn({ channel, ...end }, 'a message of another process could not be followed');
    },
    channels: (): string[] => [...takers.keys()],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
