import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Vendor } from './botbuilder.ts';
import type { MaySendTo } from './service-url.ts';
import { type Call, deliveryFailed } from './transport.ts';

const LONGEST_PAUSE_MS = 5_000;
const USUAL_PAUSE_MS = 1_000;
/** Answers that ask to come again, and mean that nothing was done. */
const worthWaiting = [412, 429, 502, 504];

const Sent = z.object({ id: z.string().min(1) });

/** Of a person in a conversation; Teams fills in what its administrators allow. */
const Member = z.object({
  id: z.string().min(1),
  email: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  tenantId: z.string().nullish(),
  userRole: z.string().nullish(),
});
export type Member = z.output<typeof Member>;

/** Where in Teams: the address of its service. */
interface At {
  service_url: string;
}

/**
 * What this adapter says to Teams, by the REST calls of the Bot Framework. Each waits once, up to 5 s, where Teams asks to
 * come again.
 *
 * @throws OpsError `delivery_failed`
 * @see https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export interface Connector {
  /** The id of the new message; empty where Teams gives none. */
  send(at: At, conversation: string, activity: JsonObject): Promise<string>;
  update(at: At, conversation: string, message: string, activity: JsonObject): Promise<void>;
  /** Opens a person's conversation with the bot, or finds the one there is; its id. */
  open(at: At, who: { bot: string; member: string; tenant: string }): Promise<string>;
  /** `id`: the person's, of Teams or of Entra. Undefined when nobody there has it. */
  member(at: At, conversation: string, id: string): Promise<Member | undefined>;
}

export function createConnector(
  vendor: Vendor,
  send: (call: Call) => Promise<string>,
  maySendTo: MaySendTo,
  clock: Clock,
): Connector {
  async function once(
    { service_url }: At,
    method: string,
    path: readonly string[],
    body?: JsonObject,
  ): Promise<unknown> {
    // An address may have been stored when other hosts were allowed; then not even a token is asked for.
    if (!maySendTo(service_url)) throw deliveryFailed('the stored address is no host of Teams that may be sent to');
    const authorization = await vendor.authorization().catch((error) => Promise.reject(noToken(error)));
    const headers = { 'content-type': 'application/json; charset=utf-8', ...(authorization ? { authorization } : {}) };
    const url = [service_url.replace(/\/$/, ''), 'v3', 'conversations', ...path.map(encodeURIComponent)].join('/');
    const answer = await send({ url, method, headers, body: body && JSON.stringify(body) });
    return parse(answer);
  }

  async function call(...what: Parameters<typeof once>): Promise<unknown> {
    try {
      return await once(...what);
    } catch (thrown) {
      const pause = pauseAfter(thrown);
      if (pause === undefined) throw thrown;
      await clock.sleep(pause);
      return once(...what);
    }
  }

  return {
    async send(at, conversation, activity) {
      const sent = await call(at, 'POST', [conversation, 'activities'], activity);
      return Sent.safeParse(sent).data?.id ?? '';
    },
    async update(at, conversation, message, activity) {
      await call(at, 'PUT', [conversation, 'activities', message], activity);
    },
    async open(at, { bot, member, tenant }) {
      const people = { bot: { id: bot }, members: [{ id: member }] };
      const where = { isGroup: false, tenantId: tenant, channelData: { tenant: { id: tenant } } };
      return Sent.parse(await call(at, 'POST', [], { ...people, ...where })).id;
    },
    async member(at, conversation, id) {
      try {
        return Member.parse(await call(at, 'GET', [conversation, 'members', id]));
      } catch (thrown) {
        if (thrown instanceof OpsError && thrown.facts.status === 404) return undefined;
        throw thrown;
      }
    },
  };
}

function parse(answer: string): unknown {
  try {
    return answer === '' ? {} : JSON.parse(answer);
  } catch (cause) {
    // A page of a proxy in between: Teams has most likely never seen the message.
    throw deliveryFailed('Teams answered something that is no JSON', { retryable: true, cause });
  }
}

/** How long to wait before the one more try; undefined where none is worth it. */
function pauseAfter(thrown: unknown): number | undefined {
  if (!(thrown instanceof OpsError) || !worthWaiting.includes(Number(thrown.facts.status))) return undefined;
  const pause = Number(thrown.facts.retryAfterMs ?? USUAL_PAUSE_MS);
  return pause <= LONGEST_PAUSE_MS ? pause : undefined;
}

function noToken(cause: unknown): OpsError {
  return deliveryFailed(`Entra gives no token to send with: ${asOpsError(cause).message}`, {
    retryable: true,
    hint: 'Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID.',
    cause,
  });
}
