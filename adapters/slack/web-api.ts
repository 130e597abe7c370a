import type { webApi } from '@slack/bolt';
import type { Clock } from '../../lib/clock.ts';
import { asDeliveryError, type Failure, failureOf } from './errors.ts';

/** What a method answered, unread. */
type Answer = Readonly<Record<string, unknown>>;

export interface SlackApi {
  /**
   * One call of the Web API, at most two tries within five seconds.
   *
   * @throws OpsError `delivery_failed`; `facts.slack` is Slack's code, when Slack said one
   */
  call(method: string, token: string, args: object): Promise<Answer>;
}

/** A person waits for no longer than this; the outbox tries again later. */
const withinMs = 5_000;
const pauseMs = 200;

/** Done twice they show twice, or cannot be done twice: never sent again once Slack may have them. */
const ONCE = /^(?:chat\.(?:post|(?:start|append|stop)Stream)|views\.(?:open|push))/;

/** The client's own settings: the defaults retry for half an hour and wait for ever. */
export const clientOptions = {
  timeout: withinMs,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
} satisfies webApi.WebClientOptions;

export function createSlackApi(client: Pick<webApi.WebClient, 'apiCall'>, clock: Clock): SlackApi {
  return {
    async call(method, token, args) {
      const until = clock.now() + withinMs;
      const fields = asFormFields({ token, ...args });
      const send = async (): Promise<Answer> => ({ ...(await client.apiCall(method, fields)) });
      try {
        return await send();
      } catch (thrown) {
        const pause = pauseBeforeNext(failureOf(thrown), method);
        if (pause === undefined || clock.now() + pause >= until)
          throw asDeliveryError(failureOf(thrown), method, thrown);
        await clock.sleep(pause);
      }
      try {
        return await send();
      } catch (thrown) {
        throw asDeliveryError(failureOf(thrown), method, thrown);
      }
    },
  };
}

/**
 * What the client sends anyhow: a form, its objects as JSON. Done before it, because it copies every object of a card once more for
 * a debug line that nobody reads, which took a twentieth of a proposal's CPU.
 */
function asFormFields(args: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      value && typeof value === 'object' ? JSON.stringify(value) : value,
    ]),
  );
}

/** `undefined`: not again. Slack did nothing when it said that there were too many calls. */
function pauseBeforeNext(failure: Failure, method: string): number | undefined {
  if (failure.kind === 'limited') return failure.retryAfterMs;
  if (failure.kind === 'unsent') return pauseMs;
  return failure.kind === 'unknown' && !ONCE.test(method) ? pauseMs : undefined;
}
