import { setImmediate as nextLoop } from 'node:timers/promises';
import { type Command, Redis, type RedisOptions } from 'ioredis';
import { asOpsError } from '../lib/errors.ts';

/** No command is waited for longer than this, ms, whatever Redis does, unless `connectRedis` is told otherwise. */
export const COMMAND_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** One that hangs up is not waited for either: a Redis that answers nothing does not say goodbye, and the process could not end. */
const GOODBYE_MS = 200;

const pauseBefore = (times: number): number => Math.min(100 * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS);

/** Commands fail at once while there is no Redis; it is connected again by itself. */
const quick = {
  connectTimeout: 2_000,
  disconnectTimeout: GOODBYE_MS,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResubscribe: false,
  retryStrategy: pauseBefore,
} satisfies RedisOptions;

/** No command waits for its answer longer than `commandMs`. */
class QuickRedis extends Redis {
  readonly #commandMs: number;

  constructor(url: string, options: Pick<RedisOptions, 'lazyConnect' | 'retryStrategy'>, commandMs = COMMAND_MS) {
    super(url, { ...quick, ...options });
    this.#commandMs = commandMs;
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const sent = super.sendCommand(command, stream);
    const timer = setTimeout(() => void giveUp(command), this.#commandMs);
    const stop = () => clearTimeout(timer);
    command.promise.then(stop, stop);
    return sent;
  }
}

/** Not ioredis's `commandTimeout`: a process that stood still, as one that starts does, would come to it before it reads an answer that is there. */
async function giveUp(command: Command): Promise<void> {
  await nextLoop();
  if (!command.isSettled) command.reject(new Error('Command timed out'));
}

/** Connects in the background. `lost` is told of each fault of the connection; a command is waited for `commandMs`. Never rejects, never throws. */
export function connectRedis(url: string, lost: (error: Error) => void, commandMs = COMMAND_MS): Redis {
  const redis = new QuickRedis(url, {}, commandMs);
  redis.on('error', lost);
  redis.on('close', () => lost(new Error('the connection was closed')));
  return redis;
}

/** Asks Redis once whether it is there: what it says instead, or nothing when all is well. At most a few seconds; never rejects. */
export async function askRedis(url: string): Promise<string | undefined> {
  const redis = new QuickRedis(url, { lazyConnect: true, retryStrategy: () => null });
  let fault: Error | undefined;
  redis.on('error', (error) => {
    fault = error;
  });
  try {
    await redis.connect();
    await redis.ping();
    return undefined;
  } catch (thrown) {
    // What connect() rejects with says only that the connection is closed.
    return (fault ?? asOpsError(thrown)).message;
  } finally {
    redis.disconnect();
  }
}

/** A connection that waits for Redis as long as it takes, as BullMQ's workers want it; `end` ends it and those made from it. */
export function connectPatiently(url: string, lost: (error: Error) => void): { redis: Redis; end(): void } {
  const all: Redis[] = [];
  const track = (redis: Redis): Redis => {
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => track(duplicate(override));
    redis.on('error', lost);
    all.push(redis);
    return redis;
  };
  const { connectTimeout, disconnectTimeout, retryStrategy } = quick;
  const patient = { connectTimeout, disconnectTimeout, retryStrategy, maxRetriesPerRequest: null };
  const redis = track(new Redis(url, patient));
  return {
    redis,
    end() {
      for (const one of all) one.disconnect();
    },
  };
}
