import type { Door } from '../adapters/http/door.ts';
import { createMcp } from '../adapters/mcp/mcp.ts';
import { createFacade } from '../adapters/qbusiness/facade.ts';
import { readEndpoints } from '../adapters/qbusiness/oauth-endpoints.ts';
import { type OAuthEndpoints, openapiDocument } from '../adapters/qbusiness/openapi.ts';
import { note } from '../approvals/note.ts';
import type { Lobby, OnTurn } from '../bot/channel.ts';
import type { JsonObject } from '../lib/json.ts';
import { catalog } from '../tools/catalog.ts';
import { type Admission, openAdmission } from './admission.ts';
import type { House } from './compose.ts';

/** What programs and other assistants come through. */
export interface Facades {
  readonly doors: readonly Door[];
  /** Before it, everybody is asked to come back in a moment. */
  start(onTurn: OnTurn, lobby: Lobby): void;
}

/** REST with its OpenAPI document, and MCP, beside the console on the same server. `port`: that it listens on. */
export function openFacades(
  house: House,
  port: () => number,
  { admit, doors, forBrowsers }: Admission = openAdmission(house, port),
): Facades {
  const { config, clock, log } = house;
  const { EXECUTION_MODE: mode, PUBLIC_URL: publicUrl, version } = config;
  const rest = createFacade({ catalog, mode, clock, log, admit, document: documentOf(house) });
  const mcp = createMcp({ admit, catalog, version, publicUrl, note: (facts) => note(house, facts), clock, log });
  return {
    doors: forBrowsers([...doors, ...rest.doors, ...mcp.doors]),
    start(onTurn, lobby) {
      rest.start(onTurn);
      mcp.start(onTurn, lobby);
    },
  };
}

/** The OpenAPI document of this installation: where it is reached, and how one gets in. */
function documentOf({ config, clock, log }: House) {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, API_KEYS_FILE, PUBLIC_URL, version } = config;
  const endpoints = issuer && audience ? readEndpoints(issuer, { clock, log }) : undefined;
  const make = (oauth: OAuthEndpoints | undefined, port: number) =>
    openapiDocument({
      serverUrl: PUBLIC_URL ?? `http://localhost:${port}`,
      version,
      catalog,
      oauth,
      apiKeys: API_KEYS_FILE !== undefined,
    });
  // Anybody may ask for it, and it takes ten milliseconds to make.
  let made: { oauth: OAuthEndpoints | undefined; document: JsonObject } | undefined;
  return async (port: number) => {
    const oauth = await endpoints?.();
    if (made === undefined || made.oauth !== oauth) made = { oauth, document: make(oauth, port) };
    return made.document;
  };
}
