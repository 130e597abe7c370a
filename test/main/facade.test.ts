import { expect } from 'chai';
import { loadConfig } from '../../lib/config.ts';
import { silentTelemetry } from '../../lib/telemetry.ts';
import { compose } from '../../main/compose.ts';
import { openFacades } from '../../main/facade.ts';

const QUIET = { STORE: 'sqlite::memory:', LOG_LEVEL: 'silent' };

describe('the façades of serve', () => {
  it('are REST, its document and MCP on one server, and answer a preflight for each [Q1, Q2, Q5, Q4]', async () => {
    const house = await compose(loadConfig(QUIET), silentTelemetry);

    const paths = openFacades(house, () => 3978).doors.map(({ method, path }) => `${method} ${path}`);
    await house.close();

    expect(paths).to.include.members(['POST /chat', 'POST /operations/propose', 'GET /openapi.json', 'POST /mcp']);
    expect(paths).to.include.members(['OPTIONS /chat', 'OPTIONS /mcp']);
    expect(new Set(paths).size).to.equal(paths.length);
  });
});
