import { expect } from 'chai';
import type { OpsError } from '../../../lib/errors.ts';
import { said } from './activities.ts';
import type { ConversationAtTeams } from './connector.ts';
import { accountOf, TENANT, type TeamsPerson, teamsPerson } from './people.ts';
import { type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

const alice = teamsPerson('alice@example.com');

describe('who Teams says somebody is', () => {
  let house: TeamsHouse;
  let group: ConversationAtTeams;

  async function open(members: readonly TeamsPerson[], settings: Settings = {}): Promise<void> {
    house = await startTeams(settings);
    group = house.connector.add('19:war-room@thread.v2', 'groupChat', members);
    await house.sends(said(alice, group, house.connector.serviceUrl, 'hello'));
  }
  afterEach(() => house.close());
  const profile = () => house.teams.profile?.(accountOf(alice));
  const asked = () => house.connector.requests.filter((one) => one.includes('/members/')).length;

  it('is a member with the address of their profile [C2]', async () => {
    await open([alice]);

    expect(await profile()).to.deep.equal({ standing: 'member', email: 'alice@example.com' });
  });

  const cases: [what: string, member: Partial<TeamsPerson>, standing: object][] = [
    [
      'a member by their principal name where no address is shown',
      { email: '', userPrincipalName: 'a@x.example' },
      { standing: 'member', email: 'a@x.example' },
    ],
    ['a guest by their name', { userPrincipalName: 'alice_example.com#EXT#@tenant.example' }, { standing: 'guest' }],
    ['a guest by their role', { userRole: 'guest' }, { standing: 'guest' }],
    [
      'a stranger when they are of another tenant',
      { tenantId: '99999999-9999-4999-8999-999999999999' },
      { standing: 'stranger' },
    ],
    ['a stranger when Teams does not say of which tenant', { tenantId: undefined as never }, { standing: 'stranger' }],
  ];
  for (const [what, part, standing] of cases) {
    it(`is ${what} [C2]`, async () => {
      await open([{ ...alice, ...part }]);

      expect(await profile()).to.deep.equal(standing);
    });
  }

  it('is a member without an address where the tenant is not the first that is allowed [C2, G2]', async () => {
    await open([alice], { tenants: ['99999999-9999-4999-8999-999999999999', TENANT] });

    expect(await profile()).to.deep.equal({ standing: 'member' });
  });

  it('is known by the name that the tenant vouches for before the mail that anybody wrote there [C2, G2]', async () => {
    await open([{ ...alice, email: 'bob@example.com', userPrincipalName: 'alice@example.com' }]);

    expect(await profile()).to.deep.include({ email: 'alice@example.com' });
  });

  it('is a stranger when no such member is there [C2]', async () => {
    await open([]);

    expect(await profile()).to.deep.equal({ standing: 'stranger' });
  });

  it('is asked for once in five minutes [C2]', async () => {
    let time = Date.now();
    await open([alice], { clock: { now: () => time, sleep: async () => {} } });

    await profile();
    await profile();
    const before = asked();
    time += 5 * 60_001;
    await profile();

    expect([before, asked()]).to.deep.equal([1, 2]);
  });

  it('is nobody as long as Teams does not answer, and the person is told to say it again [C2]', async () => {
    await open([alice]);
    await house.connector.close();

    const error = (await profile()?.catch((thrown: unknown) => thrown)) as OpsError;

    expect(error).to.include({ code: 'delivery_failed', retryable: true });
    expect(error.hint).to.equal('Nothing was done. Say it again in a minute.');
  });

  it('is nobody when they were never heard from [C2]', async () => {
    await open([alice]);

    const error = await house.teams
      .profile?.(`${TENANT}/bbbbbbbb-0000-4000-8000-000000000000`)
      .catch((thrown: unknown) => thrown);

    expect(error).to.include({ code: 'delivery_failed', retryable: true });
  });

  it('is looked up in the team of a channel [C2]', async () => {
    await open([alice]);
    house.connector.add('19:team@thread.tacv2', 'channel', [alice]);
    const channel = house.connector.add('19:incidents@thread.tacv2', 'channel', []);
    const activity = said(alice, channel, house.connector.serviceUrl, 'hello', {
      channelData: { tenant: { id: TENANT }, team: { id: '19:team@thread.tacv2' } },
    });
    await house.sends(activity);

    expect(await profile()).to.include({ standing: 'member' });
  });
});
