import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../lib/ids.ts';
import type { Live } from '../store/live/live.ts';
import { openLive } from '../store/live/open-live.ts';
import { openQueue } from '../store/queue/open-queue.ts';
import type { Queue } from '../store/queue/queue.ts';
import { openRates } from '../store/rates/open-rates.ts';
import type { Rates } from '../store/rates/rates.ts';
import type { House } from './compose.ts';

const SWEEP_EVERY_MS = 5_000;

/** A round has nothing to say: what is left over stands in the store. */
const Round = z.strictObject({});

/** What the processes on one store share beside it; without REDIS_URL this process is all there is. */
export interface Fleet {
  live: Live;
  /** How often somebody may call, whichever process it is that is called. */
  rates: Rates;
  /** From now on one process does each round, and this one takes part. */
  shareRounds(sweep: () => Promise<void>): Promise<void>;
  /** Takes no more rounds and waits for the one under way. */
  endRounds(): Promise<void>;
  close(): Promise<void>;
}

/** Connects in the background: a Redis that is away does not keep anybody from starting. */
export async function openFleet({ config, clock, log, telemetry }: House): Promise<Fleet> {
  const shared = { url: config.REDIS_URL, namespace: namespaceOf(config), clock, log };
  const lost = (use: 'live' | 'queue' | 'rates') => () => telemetry.redisFaults.inc({ use });
  const live = await openLive({ ...shared, onLost: lost('live') });
  const rounds: Queue<z.output<typeof Round>> = await openQueue({
    ...{ ...shared, name: 'sweeps', schema: Round },
    onLost: lost('queue'),
  });
  const rates = await openRates({ ...shared, onLost: lost('rates') });
  return {
    live,
    rates,
    async shareRounds(sweep) {
      rounds.process(sweep);
      await rounds.schedule('sweep', SWEEP_EVERY_MS, {});
    },
    endRounds: () => rounds.close(),
    async close() {
      rates.close();
      await Promise.all([rounds.close(), live.close()]);
    },
  };
}

/** Processes on one store are one fleet; others on the same Redis are not heard. */
function namespaceOf({ STORE, AWS_REGION }: House['config']): string {
  const path = /^sqlite:(.*)$/.exec(STORE)?.[1];
  const store = path === undefined ? `${STORE} ${AWS_REGION}` : `${hostname()} ${resolve(path)}`;
  return sha256Hex(store).slice(0, 12);
}
