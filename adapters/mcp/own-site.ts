import type { IncomingMessage } from 'node:http';
import type { Reply } from '../http/reply.ts';
import { refusal } from './json-rpc.ts';
import type { McpOptions } from './options.ts';

type Site = Pick<McpOptions, 'publicUrl' | 'origins'>;

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Stops pages in a browser: one that made its name lead here (DNS rebinding) says that name as Host, and every page says its Origin.
 * Programs send no Origin and pass.
 */
export function refuseForeign(request: IncomingMessage, { publicUrl, origins }: Site): Reply | undefined {
  const port = request.socket.localPort;
  const own = publicUrl === undefined ? undefined : new URL(publicUrl);
  const hosts = LOOPBACK.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const host = (request.headers.host ?? '').toLowerCase();
  if (![...hosts, own?.host].includes(host))
    return refusal(403, 'This server answers only to its own name. Use its address, or set PUBLIC_URL to the name.');
  const { origin } = request.headers;
  const pages = [...LOOPBACK.map((name) => `http://${name}:${port}`), own?.origin, ...origins];
  if (origin === undefined || pages.includes(origin.toLowerCase())) return undefined;
  return refusal(
    403,
    'The request came from a page of another site. An admin can name the site in CORS_ORIGINS; programs send no Origin.',
  );
}
