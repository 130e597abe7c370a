import type { IncomingMessage } from 'node:http';
import { OpsError } from '../../lib/errors.ts';
import { problem, type Reply } from './reply.ts';

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** On every answer, the refusals included. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const listenAddress: Readonly<Record<string, string>> = {
  localhost: '127.0.0.1',
  '127.0.0.1': '127.0.0.1',
  '::1': '::1',
  '[::1]': '::1',
};

/**
 * The address to bind for a configured HOST.
 *
 * @throws OpsError `config_invalid` for anything beyond this machine: without sign-in, whoever reaches the port is anybody
 */
export function loopbackAddress(host: string): string {
  const address = listenAddress[host.toLowerCase()];
  if (address) return address;
  throw new OpsError('config_invalid', `HOST is ${host}; the web console listens on this machine only.`, {
    hint: 'Set HOST=127.0.0.1 (or leave it out). Listening for others comes with OIDC sign-in.',
  });
}

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
