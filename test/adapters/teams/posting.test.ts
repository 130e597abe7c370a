import { expect } from 'chai';
import type { Lobby } from '../../../bot/channel.ts';
import type { View } from '../../../cards/view.ts';
import type { OpsError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { noLobby } from '../no-lobby.ts';
import { aMessage, anApproval, aTable } from '../views.ts';
import { installed, said, type Wire } from './activities.ts';
import { buttons, cardOf } from './clients.ts';
import type { ConversationAtTeams } from './connector.ts';
import { accountOf, BOT, TENANT, teamsPeople, teamsPerson } from './people.ts';
import { type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => teamsPerson(`${name}@example.com`)) as [
  (typeof teamsPeople)[0],
  (typeof teamsPeople)[0],
  (typeof teamsPeople)[0],
];
const GROUP = '19:war-room@thread.v2';

describe('what OpsAgent says in Teams', () => {
  let house: TeamsHouse;
  let group: ConversationAtTeams;
  let personal: ConversationAtTeams;

  async function open(settings: Settings = {}): Promise<void> {
    house = await startTeams(settings);
    group = house.connector.add(GROUP, 'groupChat', teamsPeople);
    personal = house.connector.add('a:1-alice', 'personal', [alice]);
    await hears(alice, group);
  }
  afterEach(() => house.close());

  const hears = (who: typeof alice, chat: ConversationAtTeams) =>
    house.sends(installed(who, chat, house.connector.serviceUrl));
  const post = (view: View, id = GROUP) => house.teams.post({ channel: 'teams', id }, view);
  const failure = (work: Promise<unknown>): Promise<OpsError> =>
    work.then(
      () => expect.fail('it did not fail'),
      (error) => error,
    );
  const inChat = (chat: ConversationAtTeams): JsonObject[] => [...chat.activities.values()];

  it('is one card alone in its message, with a line for those who do not see cards [C9]', async () => {
    await open();

    const message = await post(aTable(3));

    expect(message).to.deep.equal({ channel: 'teams', conversation: GROUP, message: [...group.activities.keys()][0] });
    const [activity = {}] = inChat(group);
    expect(activity).not.to.have.property('text');
    expect(activity.summary).to.match(/EC2 instances/);
    expect(activity.from).to.deep.equal({ id: BOT });
    expect(activity.attachments).to.have.length(1);
    expect(cardOf(activity)).to.include({ type: 'AdaptiveCard', version: '1.5' });
  });

  it('is labelled where a model wrote it [C2]', async () => {
    await open();

    await post({ ...aMessage('web-2 ran out of memory'), aiWritten: true });

    const [activity = {}] = inChat(group);
    expect(activity.entities).to.deep.equal([
      {
        type: 'https://schema.org/Message',
        '@type': 'Message',
        '@context': 'https://schema.org',
        additionalType: ['AIGeneratedContent'],
      },
    ]);
    expect(JSON.stringify(cardOf(activity))).to.contain('Written by AI');
  });

  it('has the reader’s own buttons in a personal conversation, edits included [C8]', async () => {
    const asked: string[] = [];
    const lobby: Lobby = {
      ...noLobby,
      async card({ userId, auth }, id) {
        asked.push(`${userId} ${auth} ${id}`);
        return anApproval();
      },
    };
    await open({ lobby });
    await hears(alice, personal);

    const message = await post(anApproval({ actions: anApproval().actions }), personal.id);
    const before = buttons(cardOf(inChat(personal)[0] ?? {}) ?? {});
    await house.teams.update(message, anApproval({ state: 'succeeded', actions: [] }));

    expect(before.map(({ title }) => title)).to.deep.equal(['Approve']);
    expect(asked).to.deep.equal([`${accountOf(alice)} token apr-1`]);
    expect(buttons(cardOf(inChat(personal)[0] ?? {}) ?? {})).to.deep.equal([]);
  });

  it('lets the clients of deciders and requester fetch their own card, of this tenant only [C8]', async () => {
    const lobby: Lobby = {
      ...noLobby,
      accountsOf: async (channel, people) => [
        ...people.map((email) => `${channel === 'teams' ? TENANT : ''}/${teamsPerson(email).aad}`),
        `another-tenant/${bob.aad}`,
      ],
    };
    await open({ lobby });
    await hears(bob, group);

    await post(anApproval({ deciders: ['bob@example.com', 'carol@example.com'] }));

    const { refresh } = (cardOf(inChat(group)[0] ?? {}) ?? {}) as { refresh?: { userIds: string[] } };
    expect(refresh?.userIds, 'carol was never heard from').to.deep.equal([bob.mri, alice.mri]);
  });

  it('finds a channel of the policy file that nobody spoke in, by the tenant’s service [C2]', async () => {
    await open();
    house.connector.add('19:ops@thread.tacv2', 'channel', teamsPeople);

    const message = await post(aMessage('an alarm'), '19:ops@thread.tacv2');

    expect(message.message).not.to.equal('');
    const unknown = await failure(post(aMessage('x'), '19:nobody-knows@thread.v2'));
    expect(unknown).to.include({ code: 'delivery_failed', retryable: true });
  });

  it('reaches its conversations after a restart [O5]', async () => {
    await open();
    const { store, connector, issuer } = house;
    const again = await startTeams({ store, connector, issuer });

    await again.teams.post({ channel: 'teams', id: GROUP }, aMessage('back again'));

    expect(inChat(group)).to.have.length(1);
    await again.teams.stop();
    await again.close();
  });

  it('stays away from a tenant that is not allowed any more [C2]', async () => {
    await open();
    const { store, connector, issuer } = house;
    const elsewhere = await startTeams({ store, connector, issuer, tenants: ['99999999-9999-4999-8999-999999999999'] });

    const error = await failure(elsewhere.teams.post({ channel: 'teams', id: GROUP }, aMessage('x')));

    expect(error).to.include({ code: 'delivery_failed' });
    expect(inChat(group)).to.deep.equal([]);
    await elsewhere.close();
  });

  it('is not tried again when the message or the place is gone [G11]', async () => {
    await open();
    const message = await post(aMessage('x'));
    group.activities.clear();

    const edited = await failure(house.teams.update(message, aMessage('y')));
    house.connector.answersNext(1, 403);
    const posted = await failure(post(aMessage('z')));

    expect(edited).to.include({ code: 'delivery_failed', retryable: false });
    expect(posted).to.include({ code: 'delivery_failed', retryable: false });
  });

  for (const status of [412, 429, 502, 504]) {
    it(`waits once as Teams asks after ${status} [C6]`, async () => {
      const slept: number[] = [];
      await open({ clock: { now: Date.now, sleep: async (ms) => void slept.push(ms) } });
      slept.length = 0;
      house.connector.answersNext(1, status, { 'retry-after': '2' });

      await post(aMessage('at last'));

      expect(slept).to.deep.equal([2_000]);
      expect(inChat(group)).to.have.length(1);
    });
  }

  it('leaves longer waits, and everything else that may pass, to whoever tries later [C6]', async () => {
    const slept: number[] = [];
    await open({ clock: { now: Date.now, sleep: async (ms) => void slept.push(ms) } });
    slept.length = 0;
    const failures: OpsError[] = [];
    for (const [status, header] of [
      [429, '60'],
      [503, ''],
      [500, ''],
      [401, ''],
    ] as const) {
      house.connector.answersNext(1, status, header ? { 'retry-after': header } : {});
      failures.push(await failure(post(aMessage('x'))));
    }

    expect(failures.map(({ code, retryable }) => [code, retryable])).to.deep.equal(
      failures.map(() => ['delivery_failed', true]),
    );
    expect(slept).to.deep.equal([]);
  });

  it('follows no redirect with its token [A5]', async () => {
    await open();
    const before = house.connector.requests.length;
    house.connector.answersNext(1, 307, { location: `${house.connector.serviceUrl}v3/elsewhere` });

    const error = await failure(post(aMessage('x')));

    expect(error).to.include({ code: 'delivery_failed', retryable: false });
    expect(house.connector.requests.length - before).to.equal(1);
  });

  it('says what is wrong when Entra gives no token [O3]', async () => {
    const settings = { accessToken: () => Promise.reject(new Error('AADSTS7000215')) };
    await open(settings);

    const error = await failure(post(aMessage('x')));

    expect(error).to.include({ code: 'delivery_failed', retryable: true });
    expect(error.hint).to.contain('MICROSOFT_APP_PASSWORD');
    expect(house.connector.requests).to.deep.equal([]);
  });

  describe('to one person alone', () => {
    const whisper = (who: typeof alice) =>
      house.teams.whisper({ channel: 'teams', id: GROUP }, accountOf(who), aMessage('for you'));

    it('goes to the conversation there is [C8]', async () => {
      await open();
      await hears(alice, personal);

      await whisper(alice);

      expect([inChat(personal).length, inChat(group).length]).to.deep.equal([1, 0]);
    });

    it('opens a conversation once when there is none, and remembers it [C8]', async () => {
      await open();
      await hears(bob, group);

      await whisper(bob);
      await whisper(bob);

      const opened = house.connector.requests.filter((one) => one.endsWith('/v3/conversations'));
      expect(opened).to.have.length(1);
      expect(inChat(house.connector.conversations.get(`a:1-${bob.aad}`) ?? group)).to.have.length(2);
      expect(inChat(group)).to.deep.equal([]);
    });

    it('names nothing but the person where none can be opened [C8]', async () => {
      await open();
      house.connector.opens = false;
      await hears({ ...bob, name: 'Bob <b>' }, group);

      await whisper(bob);

      const [activity = {}] = inChat(group);
      expect(activity.text).to.equal(
        '<at>Bob b</at>: the answer to that is for you alone. Say hello to me in a chat of our own, then ask again.',
      );
      expect(activity.entities).to.deep.equal([
        { type: 'mention', text: '<at>Bob b</at>', mentioned: { id: bob.mri, name: 'Bob b' } },
      ]);
      expect(JSON.stringify(activity)).not.to.contain('for you"');
    });

    it('fails when nobody knows the person [C8]', async () => {
      await open();

      const error = await failure(whisper(carol));

      expect(error).to.include({ code: 'delivery_failed' });
      expect(inChat(group)).to.deep.equal([]);
    });
  });

  it('is remembered without a write for every message [C2]', async () => {
    let writes = 0;
    await open();
    const { connector, issuer, store } = house;
    const counting = {
      ...store,
      transact: (...call: Parameters<typeof store.transact>) => store.transact(...call).finally(() => (writes += 1)),
    };
    const busy = await startTeams({ connector, issuer, store: counting });

    for (let n = 0; n < 5; n += 1)
      await busy.sends(said(alice, group, connector.serviceUrl, `say ${n}`) satisfies Wire);

    expect(writes).to.equal(0);
    await busy.close();
  });

  it('is heard and answered while the store is away [C6]', async () => {
    await open();
    const { connector, issuer, store } = house;
    const gone = () => Promise.reject(new Error('the disk is full'));
    const dark = await startTeams({ connector, issuer, store: { ...store, get: gone, query: gone, transact: gone } });

    const { status } = await dark.sends(said(alice, group, connector.serviceUrl, 'list alarms'));
    await dark.teams.post({ channel: 'teams', id: GROUP }, aMessage('three are firing'));

    expect([status, dark.turns.length, inChat(group).length]).to.deep.equal([200, 1, 1]);
    await dark.close();
  });
});
