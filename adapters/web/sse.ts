import type { ServerResponse } from 'node:http';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { BrowserMessage } from './browser-message.ts';

const heartbeatMs = 20_000;
const maxStreams = 200;
const maxBufferedBytes = 1024 * 1024;

export interface Listener {
  conversation: string;
  personId: string;
  /** Still on the list of people: looked at before each event. */
  isKnown(): boolean;
  /** By which it listens, where people sign in: looked at with each heartbeat, since another process may have ended it. */
  session?: { id: string; isLive(): Promise<boolean> };
}

/** The open event streams of this process. What they miss is in the store: a browser reads it again when it reconnects. */
export interface Streams {
  /** False when as many are open as may be. */
  open(response: ServerResponse, listener: Listener): boolean;
  /** `onlyFor`: the one person whose browsers get it. */
  message(conversation: string, message: BrowserMessage, onlyFor?: string): void;
  progress(conversation: string, text: string): void;
  approvals(): void;
  /** Those somebody listens to. */
  conversations(): ReadonlySet<string>;
  /** Cuts what this session listens to. */
  endSession(id: string): void;
  end(): void;
}

export function createStreams(clock: Clock, log: Log): Streams {
  const open = new Map<ServerResponse, Listener>();
  const stopped = new AbortController();
  let beating = false;

  function send(response: ServerResponse, text: string): void {
    response.write(text);
    if (response.writableLength <= maxBufferedBytes) return;
    log.warn({ bufferedBytes: response.writableLength }, 'event stream dropped: the browser reads too slowly');
    open.delete(response);
    response.destroy();
  }

  function publish(event: string, data: unknown, wants: (listener: Listener) => boolean): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const [response, listener] of open) {
      if (!listener.isKnown()) cut(response);
      else if (wants(listener)) send(response, text);
    }
  }

  function cut(response: ServerResponse): void {
    open.delete(response);
    response.end();
  }

  /** A store that does not answer ends nothing: what is shown comes from it as well. */
  async function keepOrCut(response: ServerResponse, { session }: Listener): Promise<void> {
    if (session && !(await session.isLive().catch(() => true))) cut(response);
    else if (open.has(response)) send(response, ': still here\n\n');
  }

  async function beat(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.sleep(heartbeatMs, stopped.signal);
      await Promise.all([...open].map(([response, listener]) => keepOrCut(response, listener)));
    }
  }
  function startBeat(): void {
    if (beating) return;
    beating = true;
    beat().catch((thrown) => {
      if (!stopped.signal.aborted) log.error({ err: thrown }, 'event stream heartbeat stopped');
    });
  }

  return {
    open(response, listener) {
      if (stopped.signal.aborted || open.size >= maxStreams) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      response.write('retry: 2000\n\n');
      open.set(response, listener);
      response.on('close', () => open.delete(response));
      response.on('error', () => open.delete(response));
      startBeat();
      return true;
    },
    message(conversation, message, onlyFor) {
      const wants = (to: Listener) =>
        to.conversation === conversation && (onlyFor === undefined || to.personId === onlyFor);
      publish('message', message, wants);
    },
    progress(conversation, text) {
      publish('progress', { text }, (to) => to.conversation === conversation);
    },
    approvals() {
      publish('approvals', {}, () => true);
    },
    conversations: () => new Set([...open.values()].map(({ conversation }) => conversation)),
    endSession(id) {
      for (const [response, { session }] of open) if (session?.id === id) cut(response);
    },
    end() {
      stopped.abort();
      for (const response of open.keys()) response.end();
      open.clear();
    },
  };
}
