import { expect } from 'chai';
import type { Lobby } from '../../../bot/channel.ts';
import type { Decision, Turn, TurnResult } from '../../../bot/turn.ts';
import type { ApprovalView, View } from '../../../cards/view.ts';
import { noLobby } from '../no-lobby.ts';
import { aMessage, anApproval } from '../views.ts';
import { executed, installed, type Wire } from './activities.ts';
import { buttons } from './clients.ts';
import type { ConversationAtTeams } from './connector.ts';
import { accountOf, teamsPeople, teamsPerson } from './people.ts';
import { type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

const bob = teamsPerson('bob@example.com');
const DIGEST = '0123456789ab'.padEnd(64, '0');
const done: TurnResult = { outcome: 'done', correlationId: 'c-1', text: 'done' };

const refusal: View = {
  kind: 'refusal',
  title: 'Not decided',
  rule: 'roles',
  because: 'Viewers may not approve.',
  next: 'Ask bob.',
};
const decide = (over: Wire = {}): Wire => ({
  type: 'Action.Execute',
  verb: 'decide',
  data: { kind: 'decide', verdict: 'approve', approvalId: 'apr-1', digest: DIGEST, ...over },
});
const refresh: Wire = { type: 'Action.Execute', verb: 'refresh', data: { kind: 'refresh', approvalId: 'apr-1' } };

/** A lobby in which everybody sees this card. */
const showing = (card: ApprovalView | undefined): Lobby => ({
  ...noLobby,
  card: async () => card,
  accountsOf: async () => [accountOf(bob), 'another-tenant/bob'],
});

describe('a press on a card in Teams', () => {
  let house: TeamsHouse;
  let group: ConversationAtTeams;

  async function open(settings: Settings): Promise<void> {
    house = await startTeams(settings);
    group = house.connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople);
    await house.sends(installed(bob, group, house.connector.serviceUrl));
  }
  afterEach(() => house.close());
  const press = (action: Wire, trigger: 'manual' | 'automatic' = 'manual', id = 'press-1') =>
    house.sends({ ...executed(bob, group, house.connector.serviceUrl, '1', { action, trigger }), id });

  it('is a decision of the person who pressed, and shows them the card as it is now [C2, C8]', async () => {
    await open({ lobby: showing(anApproval({ state: 'succeeded', actions: [] })), onTurn: async () => done });

    const { status, json } = await press(decide());

    const { at: _at, ...turn } = house.turns[0] as Turn;
    const decision: Decision = { verdict: 'approve', approvalId: 'apr-1', digest: DIGEST };
    expect(turn).to.deep.equal({
      id: `teams:${group.id}:press-1`,
      origin: 'button',
      speaker: { channel: 'teams', userId: accountOf(bob), auth: 'token' },
      conversation: { channel: 'teams', id: group.id },
      text: '',
      decision,
    });
    expect([status, json.statusCode, json.type]).to.deep.equal([200, 200, 'application/vnd.microsoft.card.adaptive']);
    expect(JSON.stringify(json.value)).to.contain('Reboot EC2 instance');
    expect(house.connector.requests, 'nothing is posted for it').to.deep.equal([]);
  });

  it('brings the reason of a rejection [G7]', async () => {
    await open({ lobby: showing(anApproval()), onTurn: async () => done });

    await press(decide({ verdict: 'reject', reason: 'the batch runs' }));

    expect(house.turns[0]?.decision).to.include({ verdict: 'reject', reason: 'the batch runs' });
  });

  it('is answered in private with what is whispered meanwhile [C8]', async () => {
    await open({
      lobby: showing(anApproval()),
      async onTurn(turn, teams) {
        await teams.whisper(turn.conversation, turn.speaker.userId, refusal);
        return done;
      },
    });

    const { json } = await press(decide());

    expect(json.type).to.equal('application/vnd.microsoft.activity.message');
    expect(json.value).to.equal('Not decided. Viewers may not approve. Ask bob.');
    expect(house.connector.requests).to.deep.equal([]);
  });

  it('keeps the private answers of two presses of one person apart [C8]', async () => {
    const second = Promise.withResolvers<void>();
    let turns = 0;
    await open({
      lobby: showing(anApproval()),
      async onTurn(turn, teams) {
        turns += 1;
        if (turns === 1) await second.promise;
        else await teams.whisper(turn.conversation, turn.speaker.userId, refusal);
        second.resolve();
        return done;
      },
    });

    const [first, other] = await Promise.all([press(decide()), press(decide())]);

    expect([first.json.type, other.json.type]).to.have.members([
      'application/vnd.microsoft.card.adaptive',
      'application/vnd.microsoft.activity.message',
    ]);
  });

  it('lets a whisper to somebody else, or after the answer, go its own way [C8]', async () => {
    const later = Promise.withResolvers<void>();
    await open({
      lobby: showing(anApproval()),
      async onTurn(turn, teams) {
        await teams.whisper(turn.conversation, accountOf(teamsPerson('carol@example.com')), refusal).catch(() => {});
        await teams.whisper({ ...turn.conversation, id: 'elsewhere' }, turn.speaker.userId, refusal).catch(() => {});
        void later.promise.then(() => teams.whisper(turn.conversation, turn.speaker.userId, aMessage('too late')));
        return done;
      },
    });

    const { json } = await press(decide());
    later.resolve();

    expect(json.type).to.equal('application/vnd.microsoft.card.adaptive');
  });

  it('is answered in time with the card as it stands when the work takes long [C6]', async () => {
    let slept = 0;
    const clock = {
      now: Date.now,
      async sleep(ms: number, signal?: AbortSignal) {
        slept += ms;
        // Time that is only waited for as long as nothing else happens.
        await new Promise((resolve) => setTimeout(resolve, ms === 5_000 ? 0 : 1_000));
        signal?.throwIfAborted();
      },
    };
    await open({
      clock,
      lobby: showing(anApproval({ state: 'executing', actions: [] })),
      onTurn: () => new Promise(() => {}),
    });

    const { json } = await press(decide());

    expect(slept).to.be.lessThan(8_000);
    expect(JSON.stringify(json.value)).to.match(/Executing|executing|Approved/);
  });

  it('fetches the live buttons of this person, unasked or asked, and is no turn [C2, C8]', async () => {
    await open({ lobby: showing(anApproval()) });

    const [unasked, asked] = [await press(refresh, 'automatic'), await press(refresh, 'manual')];

    for (const { json } of [unasked, asked]) {
      const card = json.value as Wire;
      expect(buttons(card).map(({ title, verb }) => [title, verb])).to.deep.equal([['Approve', 'decide']]);
      expect(card.refresh).to.deep.equal({ action: refresh, userIds: [bob.mri] });
    }
    expect(house.turns).to.deep.equal([]);
  });

  it('tells whoever may not decide who may, and leaves the card of all as it is [C8]', async () => {
    await open({ lobby: showing(anApproval({ actions: [] })) });

    const [asked, unasked] = [await press(refresh, 'manual'), await press(refresh, 'automatic')];

    expect(asked.json.type).to.equal('application/vnd.microsoft.activity.message');
    expect(asked.json.value).to.equal('You cannot decide this change. Who may: ops-lead or admin.');
    expect(unasked.json.type).to.equal('application/vnd.microsoft.card.adaptive');
  });

  it('shows nobody a change they may not see, and says so only to whoever asked [C8]', async () => {
    await open({ lobby: showing(undefined) });

    const [asked, unasked] = [await press(refresh, 'manual'), await press(refresh, 'automatic')];

    expect([asked.status, asked.json.type]).to.deep.equal([200, 'application/vnd.microsoft.activity.message']);
    expect([unasked.status, unasked.json.statusCode, unasked.json.type]).to.deep.equal([
      200,
      404,
      'application/vnd.microsoft.error',
    ]);
  });

  it('says that the card cannot be shown when the store is away [C2]', async () => {
    const away = { ...noLobby, card: () => Promise.reject(new Error('secret internals')) };
    await open({ lobby: away, onTurn: async () => done });

    const { status, text } = await press(decide());

    expect(status).to.equal(200);
    expect(text).to.contain('cannot show this change').and.not.contain('secret');
  });

  it('that is not ours is refused without a word about why [C2]', async () => {
    await open({ lobby: showing(anApproval()) });
    const presses: Wire[] = [
      decide({ verdict: 'execute' }),
      decide({ digest: 'abc' }),
      decide({ digest: DIGEST.toUpperCase().replace('0', 'A') }),
      decide({ approvalId: '' }),
      decide({ approvalId: 'x'.repeat(101) }),
      decide({ approvalId: 'apr-1\u202e' }),
      decide({ reason: 'x'.repeat(301) }),
      decide({ kind: 'say' }),
      { ...decide(), type: 'Action.Submit' },
      { ...decide(), verb: 'destroy' },
      { ...decide(), data: undefined },
      { ...refresh, data: { kind: 'refresh', approvalId: 7 } },
      { ...refresh, data: 'apr-1' },
    ];

    const answers = await Promise.all(presses.map((action, n) => press(action, 'manual', `press-${n}`)));

    for (const { status, json } of answers) {
      expect(status).to.equal(400);
      expect(json.value).to.deep.equal({ code: '400', message: 'OpsAgent does not know this button.' });
    }
    expect(house.turns).to.deep.equal([]);
  });

  it('of another kind is not offered [C2]', async () => {
    await open({});
    const activity = executed(bob, group, house.connector.serviceUrl, '1', { action: decide() });
    const names = ['task/fetch', 'composeExtension/query', 'signin/verifyState', undefined, ''];

    const answers = await Promise.all(names.map((name) => house.sends({ ...activity, name })));
    const withoutValue = await house.sends({ ...activity, value: undefined });

    expect(answers.map(({ status }) => status)).to.deep.equal([501, 501, 501, 501, 501]);
    expect(withoutValue.status).to.equal(400);
  });
});
