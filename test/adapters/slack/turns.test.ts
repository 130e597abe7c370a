import { expect } from 'chai';
import type { Turn } from '../../../bot/turn.ts';
import { aCommand, aDirectMessage, aMention, anEvent, aPress, aShortcut, aSubmission, freshTs } from './payloads.ts';
import { type SignedRequest, signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { openHouse, type SlackHouse } from './slack-house.ts';
import { team } from './slack-world.ts';

const digest = 'd'.repeat(64);
const ids = JSON.stringify({ approvalId: 'apr-1', digest });

describe('what people do in Slack', () => {
  let api: SlackApi;
  let house: SlackHouse;

  before(async () => {
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl });
  });
  beforeEach(() => {
    house.turns.length = 0;
  });
  after(async () => {
    await house.close();
    await api.close();
  });

  /** The one turn that came of it; undefined when none did. */
  async function turnOf(request: SignedRequest): Promise<Turn | undefined> {
    const { status } = await house.send(request);
    expect(status).to.equal(200);
    expect(house.turns.length).to.be.lessThan(2);
    return house.turns[0];
  }
  const turnOfEvent = (event: object, over?: object) => turnOf(signedEvent(anEvent(event, over)));

  it('brings a slash command with the exact ids of whoever gave it [C1]', async () => {
    const command = aCommand('ec2 list');

    const turn = await turnOf(signedForm(command));

    expect(turn).to.include({ id: `slack:${command.trigger_id}`, origin: 'command', text: 'ec2 list' });
    expect(turn?.speaker).to.deep.equal({ channel: 'slack', userId: 'T0OPS/U0ALICE', auth: 'signature' });
    expect(turn?.conversation).to.deep.equal({ channel: 'slack', id: 'T0OPS/C0OPS' });
  });

  it('shows a command to others in a channel, and to nobody in a direct message [C1]', async () => {
    const inChannel = await house.send(signedForm(aCommand('ec2 list')));
    const direct = await house.send(signedForm(aCommand('ec2 list', { channel_id: 'D0ALICE' })));

    expect(JSON.parse(inChannel.text)).to.deep.equal({ response_type: 'in_channel' });
    expect(direct.text).to.equal('');
  });

  it('takes a bare /ops and a bare mention for a call for help [C1]', async () => {
    const command = await turnOf(signedForm(aCommand('')));
    house.turns.length = 0;
    const mention = await turnOfEvent(aMention(''));

    expect([command?.text, mention?.text]).to.deep.equal(['help', 'help']);
  });

  it('brings a mention without the mention, and answers in its thread [C1]', async () => {
    const turn = await turnOfEvent(aMention('ec2 list', { ts: '1780000000.000100' }));

    expect(turn).to.include({ origin: 'message', text: 'ec2 list' });
    expect(turn?.conversation.id).to.equal('T0OPS/C0OPS/1780000000.000100');
  });

  it('keeps the conversation of a thread [C1]', async () => {
    const thread_ts = '1780000000.000100';

    const turn = await turnOfEvent(aMention('and the other one?', { thread_ts }));

    expect(turn?.conversation.id).to.equal(`T0OPS/C0OPS/${thread_ts}`);
  });

  it('brings a direct message, and keeps its thread [C1]', async () => {
    const first = await turnOfEvent(aDirectMessage('ec2 list', { ts: '1780000000.000200' }));
    house.turns.length = 0;
    const next = await turnOfEvent(aDirectMessage('stop it', { thread_ts: '1780000000.000200' }));

    expect(first).to.include({ origin: 'message', text: 'ec2 list' });
    expect(first?.conversation.id).to.equal('T0OPS/D0ALICE/1780000000.000200');
    expect(next?.conversation.id).to.equal(first?.conversation.id);
  });

  for (const [what, event] of Object.entries({
    'a message of its own': aDirectMessage('done', { user: 'U0BOT' }),
    'a message of a bot': aDirectMessage('done', { bot_id: 'B0OTHER' }),
    'a message of nobody': aDirectMessage('done', { user: undefined }),
    'an edit': aDirectMessage('', { subtype: 'message_changed', hidden: true, message: { text: 'new' } }),
    'a deletion': aDirectMessage('', { subtype: 'message_deleted', hidden: true, deleted_ts: freshTs() }),
    'a file without words': aDirectMessage('', { subtype: 'file_share' }),
    'a mention that was edited': aMention('ec2 list', { edited: { user: 'U0ALICE', ts: freshTs() } }),
    'a mention in a direct message': aMention('ec2 list', { channel: 'D0ALICE' }),
    'a message in a channel': { ...aDirectMessage('ec2 list'), channel_type: 'channel', channel: 'C0OPS' },
    'a reaction': { type: 'reaction_added', user: 'U0ALICE', reaction: 'eyes', item: { type: 'message' } },
  })) {
    it(`does not answer ${what} [C1]`, async () => {
      expect(await turnOfEvent(event)).to.equal(undefined);
    });
  }

  it('reads what Slack made of a text back into what was typed [C1]', async () => {
    const turn = await turnOfEvent(
      aMention(
        'why is <http://web-1.example.com|web-1.example.com> &lt;slow&gt; &amp; <#C0OPS|ops> <@U0BOB> <!here> <mailto:a@b.example|a@b.example> <https://x.example/y> <!subteam^S1|@sre>?',
      ),
    );

    expect(turn?.text).to.equal(
      'why is web-1.example.com <slow> & #ops @U0BOB @here a@b.example https://x.example/y @sre?',
    );
  });

  it('takes what only looks like markup for text [C1]', async () => {
    const turn = await turnOfEvent(aMention('say &lt;@U0BOB&gt; &amp;lt;b&amp;gt;'));

    expect(turn?.text).to.equal('say <@U0BOB> &lt;b&gt;');
  });

  it('reads 40,000 characters in linear time [C1]', async () => {
    const began = performance.now();

    const turn = await turnOfEvent(aMention(`${'<a'.repeat(10_000)}${'&lt;'.repeat(5_000)}`));

    expect(turn?.text).to.have.length(25_000);
    expect(performance.now() - began).to.be.lessThan(300);
  });

  it('brings the press of a button as a decision, with ids only [C1, G8]', async () => {
    const press = aPress(
      { action_id: 'decide:approve', value: ids },
      { message: { ts: '1.1', thread_ts: '1.0' } },
      'U0BOB',
    );

    const turn = await turnOf(signedInteraction(press));

    expect(turn).to.include({ origin: 'button', text: '' });
    expect(turn?.decision).to.deep.equal({ verdict: 'approve', approvalId: 'apr-1', digest });
    expect(turn?.speaker.userId).to.equal('T0OPS/U0BOB');
    expect(turn?.conversation.id).to.equal('T0OPS/C0OPS/1.0');
  });

  it('gives one press one id, and two people’s two [C1, G8]', async () => {
    const actions = [{ action_id: 'decide:approve', value: ids, action_ts: '1780000000.1' }];
    const pressed = async (user: string) => {
      await house.send(signedInteraction(aPress({ action_id: '' }, { actions, trigger_id: freshTs() }, user)));
    };

    await pressed('U0BOB');
    await pressed('U0BOB');
    await pressed('U0DAVE');

    const [first, second, other] = house.turns.map(({ id }) => id);
    expect(first).to.equal(second).and.not.equal(other);
    expect(first).to.match(/^slack:[0-9a-f]{64}$/);
  });

  it('takes a suggestion that is pressed as said [C1]', async () => {
    const turn = await turnOf(signedInteraction(aPress({ action_id: 'say:2', value: 'incident list' })));

    expect(turn).to.include({ origin: 'button', text: 'incident list' });
    expect(turn?.decision).to.equal(undefined);
  });

  it('answers a press on the Home tab in the person’s own conversation [C1]', async () => {
    const onHome = { channel: undefined, message: undefined, container: { type: 'view', view_id: 'V0HOME' } };

    const turn = await turnOf(signedInteraction(aPress({ action_id: 'say:1', value: 'approvals' }, onHome)));

    expect(turn?.conversation.id).to.equal('T0OPS/U0ALICE');
  });

  it('does nothing about a link that was pressed [C1]', async () => {
    expect(await turnOf(signedInteraction(aPress({ action_id: 'link:1' })))).to.equal(undefined);
  });

  it('does nothing about a shortcut and a dialog that are not its own [C1]', async () => {
    const shortcut = await turnOf(signedInteraction(aShortcut({}, { callback_id: 'somebody_elses' })));
    const dialog = await turnOf(signedInteraction(aSubmission({ callback_id: 'somebody_elses' }, {})));

    expect([shortcut, dialog]).to.deep.equal([undefined, undefined]);
    expect(api.callsOf('views.open')).to.deep.equal([]);
  });

  it('names somebody of another organisation by theirs [C1]', async () => {
    const mention = await turnOfEvent(aMention('ec2 list', { user: 'U0GUEST', user_team: 'T0OTHER' }), {
      team_id: 'T0OTHER',
      context_team_id: team,
    });
    house.turns.length = 0;
    const guest = { user: { id: 'U0GUEST', team_id: 'T0OTHER' } };
    const press = await turnOf(signedInteraction(aPress({ action_id: 'decide:approve', value: ids }, guest)));

    for (const turn of [mention, press]) {
      expect(turn?.speaker.userId).to.equal('T0OTHER/U0GUEST');
      expect(turn?.conversation.id).to.match(/^T0OPS\//);
    }
  });

  for (const [what, request] of Object.entries<() => SignedRequest>({
    'a user id in small letters': () => signedForm(aCommand('help', { user_id: 'u0alice' })),
    'a user id with a letter that looks alike': () => signedForm(aCommand('help', { user_id: 'U0АLICE' })),
    'a user id with a blank': () => signedForm(aCommand('help', { user_id: 'U0ALICE ' })),
    'a user id with a slash': () => signedForm(aCommand('help', { user_id: 'U0ALICE/U0BOB' })),
    'a channel that is none': () => signedForm(aCommand('help', { channel_id: '../C0OPS' })),
    'no trigger': () => signedForm(aCommand('help', { trigger_id: '' })),
    'no command': () => signedForm({ token: 'x' }),
    'an event without an id': () => signedEvent({ ...anEvent(aMention('help')), event_id: undefined }),
    'an event that is a word': () => signedEvent({ ...anEvent({}), event: 'app_mention' }),
    'a list': () => signedEvent([anEvent(aMention('help'))]),
    'a press of nothing': () => signedInteraction({ ...aPress({ action_id: 'say:1' }), actions: [] }),
    'what Bolt trips over': () =>
      signedInteraction({ ...aPress({ action_id: 'link:1' }), response_url: '', response_urls: null }),
    'a payload that is no JSON': () => signedForm({ payload: '{"type":' }),
  })) {
    it(`refuses ${what}, although it is signed [C1]`, async () => {
      const { status, text } = await house.send(request());

      expect([status, text]).to.deep.equal([400, '']);
      expect(house.turns).to.have.length(0);
    });
  }
});
