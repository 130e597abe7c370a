import { expect } from 'chai';
import type { TurnResult } from '../../../bot/turn.ts';
import { installed, said, submitted } from './activities.ts';
import type { ConversationAtTeams } from './connector.ts';
import { accountOf, BOT, teamsPeople, teamsPerson } from './people.ts';
import { type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

const alice = teamsPerson('alice@example.com');
const CHANNEL = '19:incidents@thread.tacv2';
const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

describe('what people say in Teams', () => {
  let house: TeamsHouse;
  let chats: Record<'personal' | 'groupChat' | 'channel', ConversationAtTeams>;

  async function open(settings: Settings = {}): Promise<void> {
    house = await startTeams(settings);
    chats = {
      personal: house.connector.add('a:1-alice', 'personal', [alice]),
      groupChat: house.connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople),
      channel: house.connector.add(CHANNEL, 'channel', teamsPeople),
    };
  }
  afterEach(() => house.close());
  const say = (chat: { id: string; type: ConversationAtTeams['type'] }, text: string, part = {}) =>
    house.sends(said(alice, chat, house.connector.serviceUrl, text, part));

  for (const type of ['personal', 'groupChat', 'channel'] as const) {
    it(`becomes a turn in a ${type} conversation [C2]`, async () => {
      await open();

      const { status, text } = await say(chats[type], 'list ec2 instances', { id: 'activity-1' });

      expect([status, text]).to.deep.equal([200, '']);
      const { at: _at, ...turn } = house.turns[0] ?? { at: 0 };
      expect(turn).to.deep.equal({
        id: `teams:${chats[type].id}:activity-1`,
        origin: 'message',
        speaker: { channel: 'teams', userId: accountOf(alice), auth: 'token' },
        conversation: { channel: 'teams', id: chats[type].id },
        text: 'list ec2 instances',
      });
    });
  }

  it('is answered in its thread, and a card of a channel has one [C2]', async () => {
    await open();
    const view = { kind: 'message', title: 'a', body: 'b' } as const;
    await say(chats.channel, 'hello');
    const card = await house.teams.post({ channel: 'teams', id: CHANNEL }, view);
    const thread = house.teams.thread?.(card) ?? { channel: '', id: '' };
    await say({ id: thread.id, type: 'channel' }, 'and in the thread');

    const answer = await house.teams.post(thread, view);

    expect(thread).to.deep.equal({ channel: 'teams', id: `${CHANNEL};messageid=${card.message}` });
    expect(house.turns[1]?.conversation).to.deep.equal(thread);
    expect(house.connector.requests.at(-1)).to.contain(encodeURIComponent(`;messageid=${card.message}`));
    expect(answer.conversation).to.equal(thread.id);
  });

  it('has no thread outside channels', async () => {
    await open();

    const thread = house.teams.thread?.({ channel: 'teams', conversation: 'a:1-alice', message: '1' });

    expect(thread).to.deep.equal({ channel: 'teams', id: 'a:1-alice' });
  });

  it('is nothing when it is an edit, a reaction, an installation, a bot or nobody of a directory [C2]', async () => {
    await open();
    const { serviceUrl } = house.connector;
    const message = said(alice, chats.groupChat, serviceUrl, 'reboot everything');
    const from = message.from as object;
    const ignored = [
      { ...message, type: 'messageUpdate' },
      { ...message, type: 'messageDelete' },
      { ...message, type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
      { ...message, type: 'typing' },
      { ...message, type: 'event', name: 'x' },
      { ...message, from: { ...from, id: '28:another-bot' } },
      { ...message, from: { ...from, role: 'bot' } },
      { ...message, from: { ...from, aadObjectId: undefined } },
      { ...message, from: undefined },
      { ...message, id: undefined },
      installed(alice, chats.groupChat, serviceUrl),
      installed(alice, chats.groupChat, serviceUrl, 'remove'),
    ];

    const answers = await Promise.all(ignored.map((activity) => house.sends(activity)));

    expect(answers.map(({ status, text }) => [status, text])).to.deep.equal(ignored.map(() => [200, '']));
    expect(house.turns).to.deep.equal([]);
  });

  it('is the text of a button that says something [C2]', async () => {
    await open();
    const press = (value: unknown) =>
      house.sends(submitted(alice, chats.personal, house.connector.serviceUrl, '1', value));

    const good = await press({ kind: 'say', text: 'show chg-1' });
    const bad = await Promise.all(
      [
        { kind: 'say' },
        { kind: 'say', text: '' },
        { kind: 'say', text: 'x'.repeat(4_001) },
        { kind: 'other', text: 'x' },
        'x',
        7,
        [],
      ].map(press),
    );

    expect(good.status).to.equal(200);
    expect(house.turns.map(({ origin, text }) => [origin, text])).to.deep.equal([['button', 'show chg-1']]);
    expect(bad.map(({ status, text }) => `${status}${text}`)).to.deep.equal(bad.map(() => '400'));
  });

  it('is acknowledged when it is heard, while the work goes on [C6]', async () => {
    const finish = Promise.withResolvers<TurnResult>();
    await open({
      async onTurn(_turn, _teams, heard) {
        heard();
        return finish.promise;
      },
    });
    await say(chats.personal, 'warm up');
    const started = performance.now();

    const { status } = await say(chats.personal, 'why is web slow?');

    expect(performance.now() - started).to.be.lessThan(300);
    expect([status, house.turns.length]).to.deep.equal([200, 2]);
    finish.resolve(answered);
  });

  it('is acknowledged after two seconds when the store is slow [C6]', async () => {
    const slept: number[] = [];
    const never = new Promise<TurnResult>(() => {});
    const clock = { now: Date.now, sleep: async (ms: number) => void slept.push(ms) };
    await open({ clock, onTurn: () => never });

    const { status } = await say(chats.personal, 'help');

    expect(status).to.equal(200);
    expect(slept).to.deep.equal([2_000]);
  });

  it('is acknowledged even when the turn fails, and the failure stays inside [C2]', async () => {
    await open({ onTurn: () => Promise.reject(new Error('secret internals')) });

    const { status, text } = await say(chats.personal, 'help');

    expect([status, text]).to.deep.equal([200, '']);
  });

  it('has the same turn id when Teams delivers it again [C2]', async () => {
    await open();
    const activity = said(alice, chats.personal, house.connector.serviceUrl, 'help');

    await Promise.all([house.sends(activity), house.sends(activity), house.sends(activity)]);

    expect(new Set(house.turns.map(({ id }) => id)).size).to.equal(1);
  });

  it('can be as long as Teams lets it be, with a thousand mentions [C6]', async () => {
    await open();
    const others = Array.from({ length: 1_000 }, (_, n) => ({
      type: 'mention',
      text: `<at>P${n}</at>`,
      mentioned: { id: `29:${n}`, name: `P${n}` },
    }));
    const text = `<at>OpsAgent</at> ${others.map((one) => one.text).join(' ')} ${'x'.repeat(40_000)}`;
    const entities = [
      { type: 'mention', text: '<at>OpsAgent</at>', mentioned: { id: BOT, name: 'OpsAgent' } },
      ...others,
    ];

    const { status } = await say(chats.groupChat, '', { text, entities });

    expect(status).to.equal(200);
    expect(house.turns[0]?.text).to.match(/^P0 P1 .* x{40000}$/);
  });
});
