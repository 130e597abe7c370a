import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Door } from './door.ts';
import { problem, type Reply } from './reply.ts';

const MAY_SEND =
  'authorization, content-type, x-api-key, idempotency-key, mcp-protocol-version, mcp-session-id, last-event-id';
const MAY_READ = 'www-authenticate, retry-after, mcp-session-id';
const REMEMBERED_S = 600;

interface Origins {
  /** CORS_ORIGINS: whose pages may call. Compared byte for byte. */
  listed: readonly string[];
  /** The origins of this server itself, as its own pages know it. */
  own: () => readonly string[];
}

/**
 * Lets pages of listed origins call these doors from a browser, and no page of any other. Programs send no Origin and are not
 * concerned. Cookies and other credentials of the browser are never asked for: whoever calls shows a token or a key.
 */
export function withCors(doors: readonly Door[], origins: Origins): Door[] {
  const paths = new Map<string, string[]>();
  for (const { path, method } of doors) paths.set(path, [...(paths.get(path) ?? []), method]);
  const asked = [...paths].filter(([, methods]) => !methods.includes('OPTIONS'));
  return [
    ...doors.map((door) => guarded(door, origins)),
    ...asked.map(([path, methods]) => preflight(path, methods, origins)),
  ];
}

function guarded(door: Door, origins: Origins): Door {
  return {
    ...door,
    async answer(request, response) {
      const refused = admitOrigin(request, response, origins);
      return refused ?? door.answer(request, response);
    },
  };
}

function preflight(path: string, methods: readonly string[], origins: Origins): Door {
  return {
    method: 'OPTIONS',
    path,
    async answer(request, response) {
      const refused = admitOrigin(request, response, origins);
      if (refused) return refused;
      if (response.hasHeader('access-control-allow-origin')) {
        response.setHeader('access-control-allow-methods', methods.join(', '));
        response.setHeader('access-control-allow-headers', MAY_SEND);
        response.setHeader('access-control-max-age', REMEMBERED_S);
      }
      response.writeHead(204, { allow: ['OPTIONS', ...methods].join(', '), 'cache-control': 'no-store' }).end();
      return 'written';
    },
  };
}

/** Marks the answer as readable by a listed page. A refusal for any other page. */
function admitOrigin(request: IncomingMessage, response: ServerResponse, { listed, own }: Origins): Reply | undefined {
  response.setHeader('vary', 'origin');
  const sent = request.headersDistinct.origin ?? [];
  const [origin] = sent;
  if (origin === undefined) return undefined;
  if (sent.length === 1 && listed.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', MAY_READ);
    return undefined;
  }
  if (sent.length === 1 && own().includes(origin)) return undefined;
  return problem(403, {
    code: 'access_denied',
    message: 'A page of this origin may not call OpsAgent.',
    hint: 'An admin adds the origin to CORS_ORIGINS; programs send no Origin header.',
  });
}
