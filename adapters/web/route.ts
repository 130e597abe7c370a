import type { IncomingMessage } from 'node:http';
import type { Reply } from '../http/reply.ts';
import type { Who } from './who.ts';

/** One call of a known person. `parameters` are the `:name` parts of the path, percent-decoded. */
export interface Call {
  who: Who;
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON of a POST; hostile until its schema has seen it. */
  body: unknown;
}

/** A call of anybody. */
export interface OpenCall {
  request: IncomingMessage;
  url: URL;
  parameters: Readonly<Record<string, string>>;
}

/** `open` routes need no person: they say nothing about AWS, approvals or conversations. */
export type Route =
  | { method: 'GET'; path: string; open: true; answer(call: OpenCall): Promise<Reply> }
  | { method: 'GET' | 'POST'; path: string; open?: undefined; answer(call: Call): Promise<Reply> };

export interface Matched {
  route: Route;
  parameters: Record<string, string>;
}

/** `decoded` are the percent-decoded parts of the path. `method_unknown`: the path exists, with another method. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  decoded: readonly string[],
): Matched | 'method_unknown' | 'path_unknown' {
  let otherMethod = false;
  for (const route of routes) {
    const parameters = match(route.path.split('/'), decoded);
    if (!parameters) continue;
    if (route.method === method) return { route, parameters };
    otherMethod = true;
  }
  return otherMethod ? 'method_unknown' : 'path_unknown';
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith(':')) parameters[expected.slice(1)] = part;
    else if (expected !== part) return undefined;
  }
  return parameters;
}

/** The parts between the slashes, each percent-decoded by itself; undefined when an escape is malformed. */
export function decodePath(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
