import type { IncomingMessage } from 'node:http';
import { problem, type Reply } from '../http/reply.ts';

/** A page on another name that resolves to 127.0.0.1 (DNS rebinding) shows that name here. */
export function refuseForeignHost(request: IncomingMessage, port: number): Reply | undefined {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  const own = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  if (own.includes((request.headers.host ?? '').toLowerCase())) return undefined;
  return problem(421, {
    code: 'access_denied',
    message: 'This server answers only to its own name.',
    hint: `Open http://localhost:${port}/ in a browser on the machine that runs OpsAgent.`,
  });
}

/** Stops requests that a page of another site made the browser send. Programs that send neither header pass. */
export function refuseCrossSite(request: IncomingMessage): Reply | undefined {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const sameOrigin = origin === undefined || origin.toLowerCase() === `http://${host}`.toLowerCase();
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  if (sameOrigin && sameSite) return undefined;
  return problem(403, {
    code: 'access_denied',
    message: 'The request came from a page of another site.',
    hint: 'Use the console that this server itself serves.',
  });
}
