import type { IncomingMessage } from 'node:http';
import { readJsonBody } from '../http/json-body.ts';
import type { Reply } from '../http/reply.ts';
import { Activity, tenantOf } from './activity.ts';
import type { Authenticate } from './authenticate.ts';
import type { TeamsOptions } from './options.ts';
import { isLoopback, type MaySendTo } from './service-url.ts';

/** Activities nest deeper than our own calls: a message can quote a card. */
const maxDepth = 32;

/** What a refused caller learns: nothing. */
const unauthorized: Reply = { status: 401, body: '' };
const malformed: Reply = { status: 400, body: '' };

/** An activity that may be acted on, or the answer to a request that may not. */
export type Receive = (request: IncomingMessage) => Promise<{ activity: Activity } | { refused: Reply }>;

/**
 * The order of the checks, each of which fails closed: who speaks, before a byte of the body is read; then body and shape; then
 * whether the activity is from where the token says, from an allowed host and tenant, and for this bot.
 */
export function createReceive(options: TeamsOptions, maySendTo: MaySendTo, authenticate: Authenticate): Receive {
  const { credentials, tenants } = options;
  const callerOf =
    credentials === 'unauthenticated-loopback' ? unchecked : checked(credentials.appId, tenants, authenticate);
  return async (request) => {
    const mayBring = await callerOf(request);
    if (!mayBring) return { refused: unauthorized };
    const body = await readJsonBody(request, maxDepth);
    if ('refused' in body) return body;
    const { success, data: activity } = Activity.safeParse(body.value);
    if (!success) return { refused: malformed };
    return maySendTo(activity.serviceUrl) && mayBring(activity) ? { activity } : { refused: unauthorized };
  };
}

/** Which activities whoever calls may bring; undefined when nobody knows who calls. Reads nothing of the body. */
type CallerOf = (request: IncomingMessage) => Promise<((activity: Activity) => boolean) | undefined>;

function checked(appId: string, tenants: readonly string[], authenticate: Authenticate): CallerOf {
  return async ({ headersDistinct }) => {
    // Node keeps one header of several; two tokens are none.
    const [authorization, ...more] = headersDistinct.authorization ?? [];
    if (authorization === undefined || more.length > 0) return undefined;
    const serviceUrl = await authenticate(authorization);
    if (serviceUrl === undefined) return undefined;
    return (activity) => {
      const tenant = tenantOf(activity);
      const isOurs = tenant !== undefined && tenants.includes(tenant) && activity.recipient.id === `28:${appId}`;
      return isOurs && activity.serviceUrl === serviceUrl;
    };
  };
}

/** Of the Playground. */
const unchecked: CallerOf = async (request) =>
  isFromThisMachine(request) ? (activity) => tenantOf(activity) !== undefined : undefined;

/**
 * Where nobody is checked: over the loopback interface, to this machine's own name, and not from a web page. A browser that
 * was led here by another site names that site.
 */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const near = [socket.localAddress, socket.remoteAddress].every((address) => isLoopbackAddress(address ?? ''));
  const named = URL.canParse(`http://${headers.host}`) && isLoopback(new URL(`http://${headers.host}`).hostname);
  return near && named && headers.origin === undefined;
}

const isLoopbackAddress = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
