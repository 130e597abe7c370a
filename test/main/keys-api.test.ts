import { expect } from 'chai';
import { parse } from 'yaml';
import { createApiKeys, ServicesFile } from '../../adapters/http/api-keys.ts';
import { systemClock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { makeApiKey } from '../../main/keys-api.ts';
import { type Installation, install } from '../e2e/opsagent.ts';

describe('opsagent keys api', () => {
  let house: Installation;

  before(() => {
    house = install();
  });
  after(() => house.remove());

  it('prints a key once, and lines of a file in which that key is the service with those roles [Q3, O3]', async () => {
    const { stdout, code } = await house.run(['keys', 'api', '--name', 'ci', '--roles', 'engineer']);

    const [key = ''] = /oak_[\w-]{43}/.exec(stdout) ?? [];
    const lines = stdout.slice(stdout.indexOf('\nci:'), stdout.indexOf('\nTo rotate'));
    const value = ServicesFile.parse(parse(lines));
    const keys = createApiKeys({ services: () => ({ state: 'fresh', value }), clock: systemClock, log: silentLog });
    expect(code).to.equal(0);
    expect(stdout.split(key)).to.have.length(2);
    expect(keys.check(key)).to.deep.include({ state: 'proven' });
    expect(value.map(({ principal }) => principal)).to.deep.equal([
      { id: 'service:ci', name: 'ci', roles: ['engineer'], teams: [], accounts: {}, service: true },
    ]);
  }).timeout(20_000);

  const printed = (values: { name?: string; roles?: string }) => {
    const lines: string[] = [];
    makeApiKey(values, {}, (line) => lines.push(line));
    return lines;
  };

  it('lets a program read, unless more is said [Q3]', () => {
    expect(printed({ name: 'wallboard' })).to.include('  roles: [viewer]');
  });

  const wrong: { name?: string; roles?: string }[] = [
    {},
    { name: '' },
    { name: 'CI' },
    { name: 'ci\nadmin' },
    { name: 'ada@example.com' },
    { name: 'ci', roles: 'ops-lead' },
    { name: 'ci', roles: 'engineer,admin' },
    { name: 'ci', roles: '' },
  ];
  for (const values of wrong) {
    it(`refuses ${JSON.stringify(values)} and says how it is said [Q3, O3]`, () => {
      expect(() => printed(values))
        .to.throw(OpsError)
        .with.property('hint')
        .that.includes('opsagent keys api --name NAME');
    });
  }
});
