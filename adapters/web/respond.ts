import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '../http/json-body.ts';
import { type Problem, problem, type Reply } from '../http/reply.ts';
import type { Respond } from '../http/server.ts';
import { conversationFor } from './conversations.ts';
import { identify } from './identity.ts';
import type { WebOptions } from './options.ts';
import { decodePath, findRoute, type Matched, type Route } from './route.ts';
import { refuseCrossSite, refuseForeignHost } from './security.ts';
import type { Streams } from './sse.ts';
import { serveStatic } from './static.ts';

interface Parts {
  options: WebOptions;
  routes: readonly Route[];
  streams: Streams;
  port(): number;
}

interface Address {
  url: URL;
  /** Percent-decoded parts: '/api/x' is ['', 'api', 'x']. */
  path: string[];
}

/** The order of the checks: doors that check for themselves; own host, readable address, same site; then route, person, body. */
export function createRespond(parts: Parts): Respond {
  const doors = new Map(parts.options.doors.map((door) => [`${door.method} ${door.path}`, door]));
  return async (request, response) => {
    const door = doors.get(`${request.method} ${pathOf(request.url ?? '')}`);
    if (door) return door.answer(request, response);
    const foreign = refuseForeignHost(request, parts.port());
    if (foreign) return foreign;
    const address = parseAddress(request.url ?? '');
    if (!address) return refuse(400, 'input_invalid', 'The address is malformed.', 'Check the address.');
    if (address.path[1] !== 'api') return dispatch(parts, address, request, response);
    return refuseCrossSite(request) ?? dispatch(parts, address, request, response);
  };
}

async function dispatch(
  parts: Parts,
  { url, path }: Address,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | 'written'> {
  // HEAD is a GET whose body Node leaves out.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  if (url.pathname === '/api/events' && request.method === 'GET') return openEvents(parts, url, response);
  const found = findRoute(parts.routes, method, path);
  if (found === 'method_unknown') return methodRefused();
  if (found !== 'path_unknown') return callRoute(parts, found, url, request);
  if (path[1] === 'api') return notFound();
  if (method !== 'GET') return methodRefused();
  const served = await serveStatic(parts.options.staticDir, path.join('/'), request, response);
  return served ? 'written' : notFound();
}

function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

function parseAddress(target: string): Address | undefined {
  const url = target.startsWith('/') ? URL.parse(`http://localhost${target}`) : null;
  const path = url ? decodePath(url.pathname) : undefined;
  return url && path ? { url, path } : undefined;
}

async function callRoute(
  { options }: Parts,
  { route, parameters }: Matched,
  url: URL,
  request: IncomingMessage,
): Promise<Reply> {
  if ('open' in route) return route.answer();
  const who = identify(options.config.mode, options.data, request.headers['x-opsagent-person']);
  if ('refused' in who) return who.refused;
  const call = { person: who.person, parameters, query: url.searchParams, body: undefined };
  if (route.method === 'GET') return route.answer(call);
  const body = await readJsonBody(request);
  return 'refused' in body ? body.refused : route.answer({ ...call, body: body.value });
}

function openEvents({ options, streams }: Parts, { searchParams }: URL, response: ServerResponse): Reply | 'written' {
  const who = identify(options.config.mode, options.data, searchParams.get('as'));
  if ('refused' in who) return who.refused;
  const found = conversationFor(who.person, searchParams.get('conversation') ?? 'me', options.channels);
  if ('refused' in found) return found.refused;
  if (streams.open(response, { conversation: found.conversation, personId: who.person.id })) return 'written';
  return refuse(503, 'internal', 'Too many consoles are open.', 'Close a few tabs; this one connects again by itself.');
}

const notFound = (): Reply => refuse(404, 'not_found', 'There is nothing at this address.', 'The console is at /.');

const methodRefused = (): Reply =>
  refuse(405, 'input_invalid', 'This address does not take this method.', 'Read with GET; POST only to /api/turns.');

function refuse(status: number, code: Problem['code'], message: string, hint: string): Reply {
  return problem(status, { code, message, hint });
}
