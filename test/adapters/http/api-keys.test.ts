import { expect } from 'chai';
import fc from 'fast-check';
import { createApiKeys, newApiKey, ServicesFile } from '../../../adapters/http/api-keys.ts';
import { sha256Hex } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import type { Watched } from '../../../lib/watched-file.ts';
import { movableClock } from '../../store/movable-clock.ts';
import { CI_KEY, keysOf, NEXT_KEY, services } from './facade.ts';

const HASH = sha256Hex('a key');

describe('API keys', () => {
  it('are 256 random bits behind oak_, and only their hash is for the file [Q3]', () => {
    const made = Array.from({ length: 100 }, () => newApiKey());

    expect(new Set(made.map(({ key }) => key))).to.have.property('size', 100);
    for (const { key, sha256 } of made) {
      expect(key).to.match(/^oak_[\w-]{43}$/);
      expect(sha256).to.equal(sha256Hex(key));
    }
  });

  it('are a service each, both of two while one is rotated [Q3]', () => {
    const keys = keysOf();

    for (const key of [CI_KEY, NEXT_KEY])
      expect(keys.check(key)).to.deep.equal({
        state: 'proven',
        service: { id: 'service:ci', name: 'ci', roles: ['engineer'], teams: [], accounts: {}, service: true },
      });
  });

  it('that differ in anything are nobody’s [Q3]', () => {
    const keys = keysOf();
    const near = fc.oneof(
      fc.nat(CI_KEY.length - 1).map((at) => `${CI_KEY.slice(0, at)}${CI_KEY.slice(at + 1)}`),
      fc.tuple(fc.nat(CI_KEY.length - 1), fc.integer({ min: 0, max: 6 })).map(([at, bit]) => {
        const code = CI_KEY.charCodeAt(at) ^ (1 << bit);
        return `${CI_KEY.slice(0, at)}${String.fromCharCode(code)}${CI_KEY.slice(at + 1)}`;
      }),
      fc.string(),
      fc.constantFrom(
        '',
        'oak_',
        CI_KEY.toLowerCase(),
        ` ${CI_KEY}`,
        `${CI_KEY} `,
        `${CI_KEY}${CI_KEY}`,
        sha256Hex(CI_KEY),
      ),
    );

    fc.assert(fc.property(near, (key) => keys.check(key).state === 'refused'));
  });

  it('end with the last day that is written beside them, in UTC [Q3]', () => {
    const value = ServicesFile.parse({ ci: { roles: ['viewer'], keys: [{ sha256: HASH, expires: '2026-11-20' }] } });
    const { clock, setNow } = movableClock(Date.parse('2026-11-20T23:59:59.999Z'));
    const keys = createApiKeys({ services: () => ({ state: 'fresh', value }), clock, log: silentLog });

    const lastMoment = keys.check('a key').state;
    setNow(Date.parse('2026-11-21T00:00:00Z'));

    expect([lastMoment, keys.check('a key')]).to.deep.equal([
      'proven',
      {
        state: 'refused',
        because: 'This API key has expired.',
        next: 'An admin makes one with: opsagent keys api --name NAME',
      },
    ]);
  });

  it('count on while the file is wrong, and the log says so once [Q3, O3]', () => {
    const lines: string[] = [];
    const log = { ...silentLog, error: (facts: object) => void lines.push(JSON.stringify(facts)) };
    const watched: Watched<typeof services> = { state: 'stale', value: services, problem: 'keys.yaml: bad' };
    const { clock } = movableClock();
    const keys = createApiKeys({ services: () => watched, clock, log });

    const states = [keys.check(CI_KEY), keys.check(CI_KEY), keys.check('x')].map(({ state }) => state);

    expect(states).to.deep.equal(['proven', 'proven', 'refused']);
    expect(lines).to.have.length(1);
    expect(lines.join()).to.include('keys.yaml: bad');
  });

  const key = { sha256: HASH };
  const wrong: [string, unknown][] = [
    ['a role above proposing', { ci: { roles: ['senior-engineer'], keys: [key] } }],
    ['an admin', { ci: { roles: ['admin'], keys: [key] } }],
    ['no role', { ci: { roles: [], keys: [key] } }],
    ['no key', { ci: { roles: ['viewer'], keys: [] } }],
    ['three keys', { ci: { roles: ['viewer'], keys: ['1', '2', '3'].map((text) => ({ sha256: sha256Hex(text) })) } }],
    ['one key for two', { ci: { roles: ['viewer'], keys: [key] }, cd: { roles: ['viewer'], keys: [key] } }],
    ['a key itself', { ci: { roles: ['viewer'], keys: [{ sha256: CI_KEY }] } }],
    ['a hash in capitals', { ci: { roles: ['viewer'], keys: [{ sha256: HASH.toUpperCase() }] } }],
    ['a day that there is not', { ci: { roles: ['viewer'], keys: [{ ...key, expires: '2026-02-30' }] } }],
    ['a name that looks like a person', { 'ci@example.com': { roles: ['viewer'], keys: [key] } }],
    ['a field that nobody knows', { ci: { roles: ['viewer'], keys: [key], owner: 'x' } }],
  ];
  for (const [what, file] of wrong) {
    it(`are not taken from a file with ${what} [Q3, O3]`, () => {
      expect(ServicesFile.safeParse(file).success).to.equal(false);
    });
  }

  it('of an empty file let nobody in [Q3]', () => {
    expect(ServicesFile.parse(null)).to.deep.equal([]);
  });
});
