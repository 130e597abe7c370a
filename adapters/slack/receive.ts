import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { ok, type Reply } from '../http/reply.ts';
import type { Bolt } from './bolt-app.ts';
import { type Delivery, readDelivery } from './delivery.ts';
import { type Incoming, maxBodyBytes } from './incoming.ts';
import { readBody } from './read-body.ts';
import type { Taken } from './taken.ts';
import type { Arrival } from './turns.ts';
import { isSslCheck, type Verify } from './verify.ts';
import type { Workspaces } from './workspaces.ts';

/** How long the answer to Slack may wait, and for what: it is given up on after three seconds. */
export interface Patience {
  until: 'heard' | 'done';
  ms: number;
}

/** A server goes on working after its answer. */
export const untilHeard: Patience = { until: 'heard', ms: 2_000 };

export type Receive = (request: Incoming, patience: Patience) => Promise<Reply>;
/** The same for a body whose sender is known already. */
export type Take = (
  body: Readonly<Record<string, unknown>>,
  auth: Arrival['auth'],
  patience: Patience,
) => Promise<Reply>;

interface Parts {
  bolt: Bolt;
  workspaces: Workspaces;
  inward(delivery: Delivery, arrival: Arrival): Taken;
  clock: Clock;
  log: Log;
}

/** Nothing to read for whoever is not Slack; and Slack need not send again what will not be taken. */
const empty = (status: number): Reply => ({ status, body: '', headers: { 'x-slack-no-retry': '1' } });
const refused = empty(401);
const malformed = empty(400);
const tooLarge = empty(413);
/** Slack sends an event again after a minute. */
export const notNow: Reply = { status: 503, body: '' };

/** The order of the checks: size; who sent it and when, over the raw bytes; only then what it says. */
export function createReceive(verify: Verify, take: Take, log: Log): Receive {
  return async (request, patience) => {
    if (request.body.length > maxBodyBytes) return tooLarge;
    if (isSslCheck(request)) return ok('');
    const flaw = verify(request);
    if (flaw !== undefined) {
      const level = flaw === 'replayed' ? 'warn' : 'info';
      log[level]({ because: flaw }, 'a request to the Slack door was refused');
      return refused;
    }
    const body = readBody(request.headers['content-type'], request.body);
    if (body === undefined) return malformed;
    if (body.type === 'url_verification') return challenge(body.challenge);
    return take(body, 'signature', patience);
  };
}

const challenge = (words: unknown): Reply =>
  typeof words === 'string' && words.length < 1_000 ? ok(words) : malformed;

/** Verified, whatever the transport: which organisation, what is it, and who takes it. */
export function createTake({ bolt, workspaces, inward, clock, log }: Parts): Take {
  return async (body, auth, patience) => {
    const at = clock.now();
    const delivery = readDelivery(body);
    if (delivery === undefined) return malformed;
    if (delivery.kind === 'nothing') return ok('');
    try {
      const by = await workspaces.of(delivery.org);
      if (!by) {
        log.warn({ org: delivery.org }, 'a Slack organisation without an installation was refused');
        return refused;
      }
      let taken: Taken | undefined;
      const reached = await bolt.process(body, by, async () => {
        taken = inward(delivery, { auth, at, by });
      });
      if (!reached || !taken) return malformed;
      await atMost(patience.until === 'done' ? taken.done : taken.heard, patience.ms);
      return ok(taken.ack);
    } catch (thrown) {
      log.error({ kind: delivery.kind, error: asOpsError(thrown).message }, 'a Slack delivery was not taken');
      return notNow;
    }
  };
}

/** Resolves with `work` or after `ms`. A bare timer: one that can be aborted cost 26 µs a delivery, half of all the rest. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, enough]);
  } finally {
    clearTimeout(timer);
  }
}
