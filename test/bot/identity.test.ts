import { expect } from 'chai';
import { localPeople, type Person } from '../../approvals/people.ts';
import type { Channel, Profile } from '../../bot/channel.ts';
import { createIdentity, type Known } from '../../bot/identity.ts';
import { OpsError } from '../../lib/errors.ts';
import { createHouse, NOON, records } from '../approvals/house.ts';
import { recordingChannel } from './recording-channel.ts';

const BOB = 'T01/U0BOB';
/** What the platform says while it does not answer. */
const AWAY: Profile = { standing: 'member' };
const member = (email?: string): Profile => ({ standing: 'member', email });

/** An identity whose chat platform answers with these profiles. */
async function stage(profiles: Record<string, Profile>, more: Partial<Person>[] = []) {
  const house = await createHouse();
  house.people.splice(0, house.people.length, ...localPeople.map((person, n) => ({ ...person, ...more[n] })));
  let asked = 0;
  const chat: Channel = {
    ...recordingChannel('chat'),
    profile: async (userId) => {
      asked += 1;
      const profile = profiles[userId] ?? { standing: 'gone' };
      if (profile === AWAY) throw new OpsError('delivery_failed', 'away', { hint: '', retryable: true });
      return profile;
    },
  };
  const channels = new Map([chat, recordingChannel('web')].map((channel) => [channel.name, channel]));
  const identity = createIdentity({ ...house.parts, channels });
  const who = (userId: string, channel = 'chat') => identity.identify({ channel, userId, auth: 'signature' });
  return { house, identity, who, profiles, asked: () => asked };
}

const nameOf = (known: Known) => ('person' in known ? known.person.id : known.because);

describe('identity', () => {
  it('matches an account by the e-mail of its profile on first sight, and by the account from then on [C1, C2]', async () => {
    const { who, profiles, house, asked } = await stage({ [BOB]: member('Bob@example.com') });

    const first = await who(BOB);
    profiles[BOB] = member('erin@example.com');
    const later = await who(BOB);

    expect([first, later].map(nameOf)).to.deep.equal(['bob@example.com', 'bob@example.com']);
    expect(asked()).to.equal(1);
    expect((await records(house)).map(({ type, summary }) => [type, summary])).to.deep.equal([
      ['account_linked', `chat account ${BOB} is bob@example.com from now on, by its e-mail`],
    ]);
  });

  it('refuses a second account that comes with the same e-mail [C1, C2, G4]', async () => {
    const { who } = await stage({ [BOB]: member('bob@example.com'), 'T01/U0EVIL': member('bob@example.com') });
    await who(BOB);

    const second = await who('T01/U0EVIL');

    expect(nameOf(second)).to.match(/known by another account/);
  });

  it('links one account when two come with one e-mail in the same moment [C1, G4]', async () => {
    const { who } = await stage({ [BOB]: member('bob@example.com'), 'T01/U0EVIL': member('bob@example.com') });

    const known = await Promise.all([who(BOB), who('T01/U0EVIL')]);

    expect(known.filter((one) => 'person' in one)).to.have.length(1);
  });

  it('takes the account that the people file names, and no other of that person [C1, C2]', async () => {
    const accounts = { chat: BOB };
    const { who } = await stage({ 'T01/U0EVIL': member('bob@example.com') }, [{}, {}, { accounts }]);

    const known = [await who(BOB), await who('T01/U0EVIL')];

    expect(nameOf(known[0] as Known)).to.equal('bob@example.com');
    expect(nameOf(known[1] as Known)).to.match(/another account/);
  });

  it('counts the accounts of one person on two channels as one person [G4]', async () => {
    const { who } = await stage({ [BOB]: member('bob@example.com') });

    const known = [await who(BOB), await who('bob@example.com', 'web')];

    expect(known.map(nameOf)).to.deep.equal(['bob@example.com', 'bob@example.com']);
  });

  it('asks again from time to time: who became a guest or is gone is nobody any more [C1, C2, G2]', async () => {
    const { who, profiles, house, asked } = await stage({ [BOB]: member('bob@example.com') });
    await who(BOB);
    profiles[BOB] = { standing: 'guest', email: 'bob@example.com' };
    house.setNow(NOON + 14 * 60_000);
    const soon = await who(BOB);
    house.setNow(NOON + 16 * 60_000);

    const later = await who(BOB);

    expect(soon).to.have.property('person');
    expect(nameOf(later)).to.equal('Guests are not let in by their e-mail.');
    expect(asked()).to.equal(2);
  });

  it('trusts for a day what the platform said before it went away, and asks about strangers once a minute [C1, C6]', async () => {
    const { who, house, profiles, asked } = await stage({ [BOB]: member('bob@example.com') });
    await who(BOB);
    profiles[BOB] = AWAY;
    house.setNow(NOON + 23 * 3_600_000);
    const away = await who(BOB);
    house.setNow(NOON + 25 * 3_600_000);
    const tooLong = await who(BOB).catch((error: unknown) => error);
    const before = asked();
    for (let times = 0; times < 20; times += 1) await who('T01/U0EVIL');

    expect(away).to.have.property('person');
    expect(tooLong).to.have.property('code', 'delivery_failed');
    expect(asked() - before).to.equal(1);
  });

  for (const [title, profile] of Object.entries({
    'a guest': { standing: 'guest', email: 'bob@example.com' },
    'a bot': { standing: 'bot', email: 'bob@example.com' },
    'somebody of another organisation': { standing: 'stranger', email: 'bob@example.com' },
    'a deactivated account': { standing: 'gone', email: 'bob@example.com' },
    'a member without an e-mail': { standing: 'member' },
    'a member whose e-mail only looks like one on the list': { standing: 'member', email: 'b\u043eb@example.com' },
    'a member who is not on the list': { standing: 'member', email: 'mallory@example.com' },
  } satisfies Record<string, Profile>)) {
    it(`refuses ${title} and says what to do [C1, C2, G2]`, async () => {
      const { who, house } = await stage({ [BOB]: profile });

      const known = await who(BOB);

      expect(known)
        .to.have.property('next')
        .that.matches(/^Ask an admin/);
      expect(await records(house)).to.deep.equal([]);
    });
  }

  it('takes ids as exact bytes: other case, spaces and look-alikes are other accounts [C1, C2]', async () => {
    const { who } = await stage({ [BOB]: member('bob@example.com') });
    await who(BOB);

    for (const id of ['t01/u0bob', `${BOB} `, ' T01/U0BOB', 'T01/U0B\u041eB', 'T01//U0BOB', 'T01/U0BOB/x', '']) {
      expect(await who(id), JSON.stringify(id)).to.not.have.property('person');
    }
  });

  it('forgets a person who left the list, whatever was linked [G2]', async () => {
    const { who, house } = await stage({ [BOB]: member('bob@example.com') });
    await who(BOB);
    house.people.splice(0, house.people.length);

    const known = await who(BOB);

    expect(nameOf(known)).to.equal('bob@example.com is not on the allow-list.');
  });

  it('names the accounts of people as far as they are known [C8]', async () => {
    const accounts = { chat: 'T01/U0ERIN' };
    const { identity, who } = await stage({ [BOB]: member('bob@example.com') }, [{}, {}, {}, { accounts }]);
    await who(BOB);

    const known = await identity.accountsOf('chat', ['bob@example.com', 'erin@example.com', 'carol@example.com']);

    expect(known).to.have.members([BOB, 'T01/U0ERIN']);
  });
});
