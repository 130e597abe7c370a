import { expect } from 'chai';
import type { Mode } from '../../cards/view.ts';
import { systemClock } from '../../lib/clock.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLog } from '../../lib/log.ts';
import { mcpOf } from '../../main/mcp.ts';

const ground = (mode: Mode) => ({
  config: { ...loadConfig({}), EXECUTION_MODE: mode },
  ...{ clock: systemClock, log: silentLog },
});

describe('the MCP server of serve', () => {
  it('is there in LOCAL_MOCK, with a door for each method that clients use [Q5]', () => {
    const { doors = [] } = mcpOf(ground('LOCAL_MOCK')) ?? {};

    expect(doors.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'POST /mcp',
      'GET /mcp',
      'DELETE /mcp',
    ]);
  });

  it('is not there in other modes while nobody can prove who they are [Q5]', () => {
    const without = mcpOf(ground('DRY_RUN'));
    const withProof = mcpOf(ground('DRY_RUN'), async () => ({ refused: { status: 401, body: {} } }));

    expect(without).to.equal(undefined);
    expect(withProof?.doors).to.have.length(3);
  });
});
