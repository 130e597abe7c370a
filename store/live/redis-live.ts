import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { connectRedis } from '../redis-connection.ts';
import { channelOf, createReceiver, encode, type Live } from './live.ts';

export interface RedisLiveOptions {
  url: string;
  /** Installations on one Redis with different namespaces do not hear each other. */
  namespace: string;
  clock: Clock;
  log: Log;
  /** Redis was lost; once for each time. */
  onLost(): void;
}

/** How often a connection that seems to stand is asked whether it does, and how often `onGap` is called meanwhile. */
const BEAT_MS = 2_000;

/** `Live` on Redis's publish and subscribe. Lost, hanging or flushed: messages are lost, nothing waits, and it connects again. */
export function openRedisLive({ url, namespace, clock, log, onLost }: RedisLiveOptions): Live {
  const self = newId('live');
  const receiver = createReceiver(self, log);
  const prefix = `opsagent:${namespace}:`;
  const stopped = new AbortController();
  const gaps: (() => void | Promise<void>)[] = [];
  let state: 'starting' | 'up' | 'lost' = 'starting';

  const lost = (thrown: unknown) => {
    if (state === 'lost' || stopped.signal.aborted) return;
    state = 'lost';
    onLost();
    log.warn({ error: asOpsError(thrown).message }, 'Redis is lost: other processes are heard of more slowly');
  };
  const publisher = connectRedis(url, lost);
  const subscriber = connectRedis(url, lost);
  const both = [publisher, subscriber];

  const listen = async () => {
    const channels = receiver.channels().map((channel) => prefix + channel);
    if (channels.length > 0) await subscriber.subscribe(...channels);
  };
  const back = async () => {
    if (!both.every(({ status }) => status === 'ready')) return;
    await listen();
    if (state === 'lost') log.info({}, 'Redis is back');
    const missed = state === 'lost';
    state = 'up';
    if (missed) look();
  };
  const look = () => {
    for (const gap of gaps)
      void (async () => gap())().catch((thrown: unknown) =>
        log.warn({ error: asOpsError(thrown).message }, 'what was missed could not be read yet'),
      );
  };
  const ask = async () => {
    try {
      await Promise.all(both.map((redis) => redis.ping()));
      if (state !== 'up') await back();
    } catch (thrown) {
      lost(thrown);
      // Connected, and yet it does not answer: a new connection may.
      for (const redis of both) if (['connect', 'ready'].includes(redis.status)) redis.disconnect(true);
    }
    if (state === 'lost') look();
  };
  const beat = async () => {
    while (!stopped.signal.aborted) {
      await clock.sleep(BEAT_MS, stopped.signal).catch(() => undefined);
      if (!stopped.signal.aborted) await ask();
    }
  };

  for (const redis of both) redis.on('ready', () => void back().catch(lost));
  subscriber.on(
    'message',
    (channel: string, text: string) => void receiver.receive(channel.slice(prefix.length), text),
  );
  const beating = beat();

  return {
    publish(topic, message) {
      if (publisher.status !== 'ready') return;
      publisher.publish(prefix + channelOf(topic), encode(self, message)).catch(lost);
    },
    subscribe(topic, handler) {
      receiver.add(topic, handler);
      if (state === 'up') void listen().catch(lost);
    },
    onGap: (gap) => void gaps.push(gap),
    state: () => (state === 'up' ? 'connected' : 'lost'),
    async close() {
      stopped.abort();
      for (const redis of both) redis.disconnect();
      await beating;
    },
  };
}
