import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '../http/json-body.ts';
import { refuseCrossSite, refuseForeignHost } from '../http/own-site.ts';
import type { Place } from '../http/place.ts';
import { type Problem, problem, type Reply } from '../http/reply.ts';
import type { Respond } from '../http/server.ts';
import { tooManyCalls } from '../http/too-many.ts';
import { conversationFor } from './conversations.ts';
import { isProbe } from './monitoring-routes.ts';
import type { WebOptions } from './options.ts';
import { decodePath, findRoute, type Matched, type Route } from './route.ts';
import type { Streams } from './sse.ts';
import { serveStatic } from './static.ts';
import type { Identify, OwnSession } from './who.ts';

interface Parts {
  options: WebOptions;
  routes: readonly Route[];
  streams: Streams;
  place: Place;
  identify: Identify;
  isLive(session: OwnSession): Promise<boolean>;
}

interface Address {
  url: URL;
  /** Percent-decoded parts: '/api/x' is ['', 'api', 'x']. */
  path: string[];
}

/** The order of the checks: doors that check for themselves; own host, readable address, same site; then route, person, body. */
export function createRespond(parts: Parts): Respond {
  const { doors: list, signIn } = parts.options;
  const doors = new Map(list.map((door) => [`${door.method} ${door.path}`, door]));
  return async (request, response) => {
    const raw = pathOf(request.url ?? '');
    const door = doors.get(`${request.method} ${raw}`);
    if (door) return door.answer(request, response);
    // A load balancer knows this machine by another name than people do.
    const foreign = signIn && isProbe(raw) ? undefined : refuseForeignHost(request, parts.place);
    if (foreign) return foreign;
    const address = parseAddress(request.url ?? '', raw);
    if ('status' in address) return address;
    const crossSite = isNavigation(request, address) ? undefined : refuseCrossSite(request, parts.place);
    return crossSite ?? dispatch(parts, address, request, response);
  };
}

/** A link from elsewhere may open a page; it may neither read nor change anything. */
function isNavigation({ method }: IncomingMessage, { path }: Address): boolean {
  return path[1] !== 'api' && (method === 'GET' || method === 'HEAD');
}

async function dispatch(
  parts: Parts,
  { url, path }: Address,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | 'written'> {
  // HEAD is a GET whose body Node leaves out.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  if (url.pathname === '/api/events' && request.method === 'GET') return openEvents(parts, url, request, response);
  const found = findRoute(parts.routes, method, path);
  if (found === 'method_unknown') return methodRefused();
  if (found !== 'path_unknown') return callRoute(parts, found, url, request);
  if (path[1] === 'api' || path[1] === 'operations') return notFound();
  if (method !== 'GET') return methodRefused();
  const served = await serveStatic(parts.options.staticDir, path.join('/'), request, response);
  return served ? 'written' : notFound();
}

function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

function parseAddress(target: string, raw: string): Address | Reply {
  const url = target.startsWith('/') ? URL.parse(`http://localhost${target}`) : null;
  const path = url ? decodePath(url.pathname) : undefined;
  if (!url || !path) return refuse(400, 'input_invalid', 'The address is malformed.', 'Check the address.');
  return isPlain(raw) ? { url, path } : notFound();
}

/** No part that climbs, and none that hides a separator or a NUL: what one reader takes for a name another may take for a path. */
function isPlain(raw: string): boolean {
  const parts = decodePath(raw) ?? [];
  return parts.every((part) => part !== '.' && part !== '..' && !/[/\\\0]/.test(part));
}

async function callRoute(
  { identify, options }: Parts,
  { route, parameters }: Matched,
  url: URL,
  request: IncomingMessage,
): Promise<Reply> {
  if (route.open) return route.answer({ request, url, parameters });
  const known = await identify.who(request, request.headers['x-opsagent-person']);
  if ('refused' in known) return known.refused;
  const wait = await options.limits.take(known.who.person.id);
  if (wait !== undefined) return tooManyCalls(wait);
  const call = { who: known.who, parameters, query: url.searchParams, body: undefined };
  if (route.method === 'GET') return route.answer(call);
  const forged = identify.refuseForgery(request);
  if (forged) return forged;
  const body = await readJsonBody(request);
  return 'refused' in body ? body.refused : route.answer({ ...call, body: body.value });
}

async function openEvents(
  { options, streams, identify, isLive }: Parts,
  { searchParams }: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | 'written'> {
  const known = await identify.who(request, searchParams.get('as'));
  if ('refused' in known) return known.refused;
  const { person, session } = known.who;
  const found = conversationFor(person, searchParams.get('conversation') ?? 'me', options.channels);
  if ('refused' in found) return found.refused;
  const listener = {
    conversation: found.conversation,
    personId: person.id,
    isKnown: () => options.data.person(person.id) !== undefined,
    session: session && { id: session.id, isLive: () => isLive(session) },
  };
  if (streams.open(response, listener)) return 'written';
  return refuse(503, 'internal', 'Too many consoles are open.', 'Close a few tabs; this one connects again by itself.');
}

const notFound = (): Reply =>
  refuse(
    404,
    'not_found',
    'There is nothing at this address.',
    'The console is at /, and every path for programs in /openapi.json.',
  );

const methodRefused = (): Reply =>
  refuse(
    405,
    'input_invalid',
    'This address does not take this method.',
    'Read with GET. What is said goes to POST /api/turns; /openapi.json has the paths for programs.',
  );

function refuse(status: number, code: Problem['code'], message: string, hint: string): Reply {
  return problem(status, { code, message, hint });
}
