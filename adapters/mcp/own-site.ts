import type { IncomingMessage } from 'node:http';
import { createPlace } from '../http/place.ts';
import type { Reply } from '../http/reply.ts';
import { refusal } from './json-rpc.ts';
import type { McpOptions } from './options.ts';

/** Stops a page that made its own name lead here (DNS rebinding): its browser says that name as Host. Pages of other sites: `withCors`. */
export function refuseForeign(
  { socket, headers }: IncomingMessage,
  { publicUrl }: Pick<McpOptions, 'publicUrl'>,
): Reply | undefined {
  const here = createPlace({ signIn: false }, () => socket.localPort ?? 0);
  const hosts = [...here.hosts(), ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])];
  if (hosts.includes((headers.host ?? '').toLowerCase())) return undefined;
  return refusal(403, 'This server answers only to its own name. Use its address, or set PUBLIC_URL to the name.');
}
