import { expect } from 'chai';
import { createMaySendTo } from '../../../adapters/teams/service-url.ts';
import { APP_ID } from './people.ts';

const credentials = { appId: APP_ID, appType: 'MultiTenant' } as const;

describe('where Teams’ messages and tokens may go', () => {
  const inTeams = createMaySendTo({ credentials });
  const inPlayground = createMaySendTo({ credentials: 'unauthenticated-loopback' });

  for (const url of [
    'https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/teams',
    'https://smba.trafficmanager.net/amer/72f988bf-0000-4000-8000-000000000001/',
    'https://smba.trafficmanager.net/',
  ]) {
    it(`is ${url} [C2]`, () => {
      expect(inTeams(url)).to.equal(true);
      expect(inPlayground(url)).to.equal(false);
    });
  }

  for (const url of [
    'http://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net:443/emea/',
    'https://smba.trafficmanager.net:8443/emea/',
    'https://smba.trafficmanager.net./emea/',
    'https://SMBA.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net/',
    'https://evil-smba.trafficmanager.net/',
    'https://other.trafficmanager.net/',
    'https://smba.trafficmanager.net@evil.example/',
    'https://user@smba.trafficmanager.net/',
    'https://evil.example\\@smba.trafficmanager.net/',
    'https://smba.trafficmanager.net/emea/../../x',
    'https://smba.trafficmanager.net/%2e%2e/',
    'https://smba.trafficmanager.net/emea/?x=1',
    'https://smba.trafficmanager.net/emea/#x',
    ' https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/emea/\t',
    'https:smba.trafficmanager.net/emea/',
    '//smba.trafficmanager.net/emea/',
    'https://smba.trafficmаnager.net/emea/',
    'https://smba.infra.gcc.teams.microsoft.com/teams/',
    'http://169.254.169.254/latest/meta-data/',
    'https://127.0.0.1/',
    'http://localhost/',
    'ftp://smba.trafficmanager.net/',
    '',
    `https://smba.trafficmanager.net/${'a'.repeat(300)}`,
  ]) {
    it(`is not ${JSON.stringify(url.slice(0, 60))} [C2]`, () => {
      expect(inTeams(url)).to.equal(false);
    });
  }

  it('is this machine alone for the Playground [C2]', () => {
    const allowed = ['http://localhost:56150/_connector', 'http://127.0.0.1:56150/_connector', 'http://[::1]:56150/'];
    const refused = [
      'http://10.0.0.1:56150/',
      'https://evil.example/',
      'http://localhost.evil.example/',
      'http://0.0.0.0/',
    ];

    expect(allowed.map(inPlayground)).to.deep.equal([true, true, true]);
    expect(refused.map(inPlayground)).to.deep.equal([false, false, false, false]);
  });
});
