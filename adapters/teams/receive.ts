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
 * The order of the checks, each of which fails closed: body, shape, then where it says it comes from, then who signed that.
 * Nothing of an activity is used before its token is checked against it.
 */
export function createReceive(options: TeamsOptions, maySendTo: MaySendTo, authenticate: Authenticate): Receive {
  const { credentials, tenants } = options;
  const checks =
    credentials === 'unauthenticated-loopback' ? unchecked : checked(credentials.appId, tenants, authenticate);
  return async (request) => {
    if (!checks.connection(request)) return { refused: unauthorized };
    const body = await readJsonBody(request, maxDepth);
    if ('refused' in body) return body;
    const { success, data: activity } = Activity.safeParse(body.value);
    if (!success) return { refused: malformed };
    const passes =
      maySendTo(activity.serviceUrl) && checks.claims(activity) && (await checks.caller(request, activity));
    return passes ? { activity } : { refused: unauthorized };
  };
}

interface Checks {
  /** Before anything is read. */
  connection(request: IncomingMessage): boolean;
  /** What the activity says of itself. */
  claims(activity: Activity): boolean;
  /** Whether that is signed. */
  caller(request: IncomingMessage, activity: Activity): Promise<boolean>;
}

function checked(appId: string, tenants: readonly string[], authenticate: Authenticate): Checks {
  return {
    connection: () => true,
    claims(activity) {
      const tenant = tenantOf(activity);
      return tenant !== undefined && tenants.includes(tenant) && activity.recipient.id === `28:${appId}`;
    },
    async caller({ headersDistinct }, activity) {
      // Node keeps one header of several; two tokens are none.
      const [authorization, ...more] = headersDistinct.authorization ?? [];
      return authorization !== undefined && more.length === 0 && authenticate(authorization, activity);
    },
  };
}

/** Of the Playground. */
const unchecked: Checks = {
  connection: isFromThisMachine,
  claims: (activity) => tenantOf(activity) !== undefined,
  caller: async () => true,
};

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
