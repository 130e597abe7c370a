import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { connectRedis } from '../redis-connection.ts';
import { burstyRate } from './bursty-rate.ts';
import { createLocalRates } from './local-rates.ts';
import type { Rate, Rates, Size } from './rates.ts';

export interface RedisRatesOptions {
  url: string;
  /** Installations on one Redis with different namespaces count apart. */
  namespace: string;
  clock: Clock;
  log: Log;
  /** Redis was lost; once for each time. */
  onLost(): void;
}

/** For each command; somebody waits for it, and a count of its own is better than a late one. */
const ANSWER_MS = 100;
/** A Redis that did not answer, or refused, is not asked again so soon: each call would wait for it, or connect anew. */
const LEAVE_ALONE_MS = 2_000;

/**
 * Counted in Redis, by a hash of the key. Lost or hanging: each process counts for itself and lets half as much through, because it
 * does not know how many others there are. Flushed: counts begin anew.
 */
export function openRedisRates({ url, namespace, clock, log, onLost }: RedisRatesOptions): Rates {
  let lostAt = Number.NEGATIVE_INFINITY;
  let state: 'counts' | 'lost' | 'closed' = 'counts';
  const lost = (thrown: unknown) => {
    lostAt = clock.now();
    if (state !== 'counts') return;
    state = 'lost';
    onLost();
    log.warn(
      { error: asOpsError(thrown).message },
      'Redis is lost: each process counts calls for itself and takes half',
    );
  };
  // A clock that was set back must not keep Redis out.
  const wasJustLost = () => Math.abs(clock.now() - lostAt) < LEAVE_ALONE_MS;
  const redis = connectRedis(url, lost, ANSWER_MS);
  const local = createLocalRates();

  return {
    open(size: Size): Rate {
      const shared = burstyRate({ ...size, name: `opsagent:${namespace}:rate:${size.name}` }, (span) => {
        return new RateLimiterRedis({ ...span, storeClient: redis });
      });
      const own = local.open(halved(size));
      return {
        async take(key) {
          const name = sha256Hex(key);
          if (redis.status !== 'ready' || wasJustLost()) return own.take(name);
          try {
            const wait = await shared.take(name);
            if (state === 'lost') state = 'counts';
            return wait;
          } catch (thrown) {
            lost(thrown);
            // Connected, and yet it does not count: a new connection may, if it leads to another machine.
            if (redis.status === 'ready') redis.disconnect(true);
            return own.take(name);
          }
        },
      };
    },
    close() {
      state = 'closed';
      redis.disconnect();
    },
  };
}

function halved({ name, perMinute, burst }: Size): Size {
  return { name, perMinute: Math.ceil(perMinute / 2), burst: Math.floor(burst / 2) };
}
