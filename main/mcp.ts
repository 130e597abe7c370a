import type { Admit } from '../adapters/http/admit.ts';
import { createMcp, type Mcp } from '../adapters/mcp/mcp.ts';
import { catalog } from '../tools/catalog.ts';
import { defaultSpeaker } from './ask.ts';
import type { House } from './compose.ts';

type Ground = Pick<House, 'config' | 'clock' | 'log'>;

/** The MCP server; undefined where nobody could prove who they are. */
export function mcpOf({ config, clock, log }: Ground, admit: Admit | undefined = admitHere(config)): Mcp | undefined {
  if (!admit) return undefined;
  const { version, PUBLIC_URL: publicUrl, CORS_ORIGINS: origins = [] } = config;
  return createMcp({ admit, catalog, version, publicUrl, origins, clock, log });
}

/** In `LOCAL_MOCK` whoever reaches this machine says who they are, as in the console's switcher, or is the default speaker. */
function admitHere(config: House['config']): Admit | undefined {
  if (config.EXECUTION_MODE !== 'LOCAL_MOCK') return undefined;
  return async ({ headers }, channel) => {
    const said = headers['x-opsagent-person'];
    const userId = typeof said === 'string' && said !== '' ? said : defaultSpeaker(config);
    return { speaker: { channel, userId, auth: 'local-switch' } };
  };
}
