import { SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { boltLogger } from './bolt-logger.ts';
import { asDeliveryError, failureOf, isForNow } from './errors.ts';
import { nodeFetch } from './node-fetch.ts';
import { notNow, type Take, untilHeard } from './receive.ts';
import { clientOptions } from './web-api.ts';

interface Parts {
  appToken: string;
  apiUrl: string;
  take: Take;
  clock: Clock;
  log: Log;
}

export interface SocketMode {
  /** Takes nothing more and closes the socket. */
  stop(): Promise<void>;
}

type Client = SocketModeReceiver['client'];

/** What Bolt's client hands on; the app token that opened the socket is what proves that Slack sent it. */
const Handed = z.object({
  body: z.record(z.string(), z.unknown()),
  ack: z.custom<(body?: object) => Promise<void>>((value) => typeof value === 'function'),
});

const startWithinMs = 5_000;
const stopWithinMs = 2_000;
/** A connection that lasted this long was a good one; Slack renews each after some hours. */
const goodMs = 10_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Deliveries by a socket that OpsAgent opens, for machines nothing can reach. Connecting again is done here: Bolt's own
 * way waits five seconds each time, and ends the process when Slack refuses the token meanwhile.
 *
 * @throws OpsError `config_invalid` when Slack does not take the app token; a Slack that is away is tried again and again
 */
export async function openSocket(parts: Parts): Promise<SocketMode> {
  const { appToken, apiUrl, clock, log } = parts;
  const { client } = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...clientOptions, slackApiUrl: apiUrl, fetch: nodeFetch } },
  });
  const stop = new AbortController();
  client.on('slack_event', (handed: unknown) => void receive(handed, parts, stop.signal));

  const first = Promise.withResolvers<void>();
  const kept = keepConnected(client, first, stop.signal, parts);
  await Promise.race([first.promise, clock.sleep(startWithinMs, stop.signal)]).catch((thrown: unknown) => {
    const error = asDeliveryError(failureOf(thrown), 'apps.connections.open', thrown);
    if (isForNow(error)) return;
    stop.abort();
    throw refusedToken(error);
  });
  return {
    async stop() {
      stop.abort();
      const closed = Promise.all([client.disconnect(), kept]);
      await Promise.race([closed, clock.sleep(stopWithinMs)]);
    },
  };
}

/** `first` hears how the first try ended. Ends when it is told to stop; never rejects. */
async function keepConnected(
  client: Client,
  first: PromiseWithResolvers<void>,
  signal: AbortSignal,
  { clock, log }: Parts,
): Promise<void> {
  let pause = 0;
  while (!signal.aborted) {
    const began = clock.now();
    try {
      const closed = new Promise((resolve) => client.once('disconnected', resolve));
      await client.start();
      first.resolve();
      log.info({}, 'connected to Slack by Socket Mode');
      if (!signal.aborted) await closed;
    } catch (thrown) {
      first.reject(thrown);
      log.warn({ error: asOpsError(thrown).message }, 'no connection to Slack by Socket Mode');
    }
    pause = clock.now() - began > goodMs ? 0 : Math.min(Math.max(pause * 2, firstPauseMs), longestPauseMs);
    await clock.sleep(pause, signal).catch(() => undefined);
  }
  await client.disconnect();
}

/** Slack sends again what is not acknowledged; what can never be taken is acknowledged too. */
async function receive(handed: unknown, { take, log }: Parts, signal: AbortSignal): Promise<void> {
  const parsed = Handed.safeParse(handed).data;
  if (!parsed || signal.aborted) return;
  try {
    const reply = await take(parsed.body, 'socket', untilHeard);
    if (reply === notNow) return;
    const { body } = reply;
    await parsed.ack(typeof body === 'object' && body !== null ? body : undefined);
  } catch (thrown) {
    log.warn({ error: asOpsError(thrown).message }, 'a delivery by Socket Mode could not be acknowledged');
  }
}

function refusedToken({ message, facts }: OpsError): OpsError {
  return new OpsError('config_invalid', `Slack does not take SLACK_APP_TOKEN: ${facts.slack ?? message}.`, {
    hint: 'Generate an App-Level Token with the scope connections:write on the app’s page Basic Information.',
  });
}
