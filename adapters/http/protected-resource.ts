import type { Door } from './door.ts';
import { ok } from './reply.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** What of OpsAgent a token is for: all of it, or MCP. */
const RESOURCES = { api: '', mcp: '/mcp' } as const;
export type Resource = keyof typeof RESOURCES;

interface Place {
  issuer: string;
  /** As callers know it: 'https://opsagent.example.com', no slash at the end. */
  baseUrl: () => string;
}

/** Where clients learn which issuer's tokens are taken here (RFC 9728). Everybody may read it. */
export function protectedResourceDoors({ issuer, baseUrl }: Place): Door[] {
  return Object.values(RESOURCES).map((path) => ({
    method: 'GET',
    path: `${WELL_KNOWN}${path}`,
    answer: async () =>
      ok({
        resource: `${baseUrl()}${path}`,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
        resource_name: 'OpsAgent',
      }),
  }));
}

/** The addresses that a token for OpsAgent may name in `aud`, as the documents above tell clients to ask for. */
export const resourcesAt = (baseUrl: string): string[] => Object.values(RESOURCES).map((path) => `${baseUrl}${path}`);

/** The `WWW-Authenticate` of a 401. `error` only where a token was shown (RFC 6750). */
export function challenge(baseUrl: string, resource: Resource, error?: 'invalid_token'): string {
  const metadata = `${baseUrl}${WELL_KNOWN}${RESOURCES[resource]}`;
  return `Bearer realm="opsagent", ${error ? `error="${error}", ` : ''}resource_metadata="${metadata}"`;
}
