import { expect } from 'chai';
import { loadConfig } from '../../lib/config.ts';

const LIVE = { EXECUTION_MODE: 'SANDBOX_LIVE', PEOPLE_FILE: 'package.json' };
const ROLE = 'arn:aws:iam::123456789012:role/OpsAgentWrite';

describe('the configuration of the write role', () => {
  for (const EXECUTION_MODE of ['DRY_RUN', 'SANDBOX_LIVE'])
    it(`is required in ${EXECUTION_MODE} where AWS_REQUIRE_WRITE_ROLE says so [G1, O3]`, () => {
      const env = { ...LIVE, EXECUTION_MODE, AWS_REQUIRE_WRITE_ROLE: 'true' };

      const withRole = loadConfig({ ...env, AWS_WRITE_ROLE_ARN: ROLE });

      expect(() => loadConfig(env)).to.throw(/^AWS_WRITE_ROLE_ARN is not set: .*AWS_REQUIRE_WRITE_ROLE=true/);
      expect(withRole.AWS_WRITE_ROLE_ARN).to.equal(ROLE);
    });

  it('is not asked for by the simulator, nor where nothing requires it [O1, O3]', () => {
    const simulator = loadConfig({ AWS_REQUIRE_WRITE_ROLE: 'true' });

    expect(simulator.AWS_WRITE_ROLE_ARN).to.equal(undefined);
    expect(loadConfig(LIVE).AWS_WRITE_ROLE_ARN).to.equal(undefined);
  });

  it('is refused by half or with an external id that STS does not take [O3]', () => {
    const half = { AWS_WRITE_EXTERNAL_ID: 'opsagent-7f3a' };

    expect(() => loadConfig(half)).to.throw(/^AWS_WRITE_ROLE_ARN is not set: .*take AWS_WRITE_EXTERNAL_ID away/);
    for (const AWS_WRITE_EXTERNAL_ID of ['x', 'two words', 'x'.repeat(1225)])
      expect(() => loadConfig({ AWS_WRITE_ROLE_ARN: ROLE, AWS_WRITE_EXTERNAL_ID })).to.throw('2 to 1224 letters');
  });
});
