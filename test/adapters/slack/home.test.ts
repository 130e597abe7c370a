import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { homeBlocks } from '../../../adapters/slack/home.ts';
import type { Lobby } from '../../../bot/channel.ts';
import type { Speaker } from '../../../bot/turn.ts';
import type { View } from '../../../cards/view.ts';
import { catalog } from '../../../tools/catalog.ts';
import { elements } from '../../cards/adaptive/card-tree.ts';
import { readable } from '../../cards/blockkit/block-text.ts';
import { noLobby } from '../no-lobby.ts';
import { aMessage, anApproval, aTable } from '../views.ts';
import { aCommand, anEvent, anOpening, aPress, aShortcut, aSubmission } from './payloads.ts';
import { signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse, type SlackHouse } from './slack-house.ts';

const ids = JSON.stringify({ approvalId: 'apr-1', digest: 'd'.repeat(64) });

describe('Slack’s tabs, shortcuts and dialogs', () => {
  let api: SlackApi;
  let house: SlackHouse;
  let views: View[];
  let asked: Speaker[];

  const lobby: Lobby = {
    ...noLobby,
    home: async (speaker) => {
      asked.push(speaker);
      return views;
    },
  };

  beforeEach(async () => {
    views = [
      { ...aTable(3), title: 'Waiting for you (3)' },
      { ...aTable(0), title: 'Asked by you (0)' },
      aMessage('Everything answers.'),
    ];
    asked = [];
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl, lobby, consoleUrl: 'https://ops.example.com' });
  });
  afterEach(async () => {
    await house.close();
    await api.close();
  });

  /** Until the adapter has made this call so often. */
  async function called(method: string, times = 1): Promise<void> {
    for (let tries = 0; tries < 300 && api.callsOf(method).length < times; tries++) await wait(5);
    expect(api.callsOf(method), method).to.have.length(times);
  }
  const press = (button: Parameters<typeof aPress>[0], over: Record<string, unknown> = {}) =>
    house.send(signedInteraction(aPress(button, { trigger_id: api.world.trigger(), ...over })));

  it('shows on the Home tab what waits for this person [C1, G15]', async () => {
    const answer = await house.send(signedEvent(anEvent(anOpening('home'))));
    await called('views.publish');

    const blocks = api.world.homes.get('U0ALICE') ?? [];
    expect(answer.status).to.equal(200);
    expect(asked).to.deep.equal([{ channel: 'slack', userId: 'T0OPS/U0ALICE', auth: 'signature' }]);
    expect(readable(blocks)).to.contain('Waiting for you (3)').and.contain('i-0003').and.contain('Everything answers.');
    expect(elements(blocks).filter(({ type }) => type === 'divider')).to.have.length(2);
  });

  it('stays within a hundred blocks however much waits [C1]', async () => {
    const cards = Array.from({ length: 40 }, (_, number) => anApproval({ approvalId: `apr-${number}` }));

    const blocks = homeBlocks(cards, undefined);

    expect(blocks.length).to.be.within(80, 100);
    expect(readable(blocks)).to.match(/… and \d\d more that are not shown$/);
  });

  it('shows the Home tab anew to whoever decided, if they had it open [C1, G11]', async () => {
    await press({ action_id: 'decide:approve', value: ids });
    await house.settled();
    expect(api.callsOf('views.publish')).to.have.length(0);
    await house.send(signedEvent(anEvent(anOpening('home'))));
    await called('views.publish');

    await press({ action_id: 'decide:reject', value: ids });

    await called('views.publish', 2);
  });

  it('tells Slack that it heard, whatever becomes of the Home tab [C6]', async () => {
    api.slows(/^views\.publish$/, 3_000);

    const answer = await house.send(signedEvent(anEvent(anOpening('home'))));

    expect(answer.status).to.equal(200);
    expect(answer.ms).to.be.lessThan(300);
  });

  it('suggests up to four things that work on the Messages tab [C1]', async () => {
    await house.send(signedEvent(anEvent(anOpening('messages'))));
    await called('assistant.threads.setSuggestedPrompts');

    const [set] = api.callsOf('assistant.threads.setSuggestedPrompts');
    const prompts = set?.prompts as { title: string; message: string }[];
    expect(set).to.include({ channel_id: 'D0ALICE' }).and.not.have.property('thread_ts');
    expect(prompts).to.have.length.within(1, 4);
    for (const { message } of prompts) expect(catalog.map(({ command }) => command)).to.include(message);
  });

  it('asks for a reason in a dialog, and brings the decision with it [C1, G7]', async () => {
    await press({ action_id: 'ask:reject', value: ids }, { message: { ts: '1.1', thread_ts: '1.0' } });
    await called('views.open');
    const [modal] = api.world.modals;
    const values = { reason: { reason: { type: 'plain_text_input', value: ' the batch runs until 04:00 ' } } };

    const answer = await house.send(signedInteraction(aSubmission({ ...modal?.view, id: modal?.id }, values)));

    expect([answer.status, answer.text]).to.deep.equal([200, '']);
    expect(house.turns).to.have.length(1);
    expect(house.turns[0]).to.include({ id: `slack:${modal?.id}`, origin: 'button' });
    expect(house.turns[0]?.conversation.id).to.equal('T0OPS/C0OPS/1.0');
    expect(house.turns[0]?.decision).to.deep.equal({
      verdict: 'reject',
      approvalId: 'apr-1',
      digest: 'd'.repeat(64),
      reason: 'the batch runs until 04:00',
    });
  });

  it('says to press again when Slack gave the dialog up [C1, G7]', async () => {
    const trigger_id = api.world.trigger();
    api.world.triggers.set(trigger_id, Date.now() - 1);

    const answer = await press({ action_id: 'ask:reject', value: ids }, { trigger_id });
    await called('chat.postEphemeral');

    expect(answer.status).to.equal(200);
    expect(api.world.messages.at(-1)).to.include({ only: 'U0ALICE' });
    expect(readable(api.world.messages.at(-1)?.blocks))
      .to.contain('Press again')
      .and.contain('Nothing was done');
    expect(house.turns).to.deep.equal([]);
  });

  it('keeps a dialog open that has blanks for a reason [G7]', async () => {
    await press({ action_id: 'ask:reject', value: ids });
    await called('views.open');
    const [modal] = api.world.modals;
    const values = { reason: { reason: { type: 'plain_text_input', value: '   ' } } };

    const answer = await house.send(signedInteraction(aSubmission({ ...modal?.view }, values)));

    expect(JSON.parse(answer.text)).to.have.property('response_action', 'errors');
    expect(house.turns).to.deep.equal([]);
  });

  it('does not take a dialog that was opened in another organisation [C1]', async () => {
    const private_metadata = JSON.stringify({
      verdict: 'reject',
      approvalId: 'apr-1',
      digest: 'd',
      where: 'T0OTHER/C0OPS',
    });
    const values = { reason: { reason: { type: 'plain_text_input', value: 'because' } } };

    await house.send(signedInteraction(aSubmission({ callback_id: 'reason', private_metadata }, values)));

    expect(house.turns).to.deep.equal([]);
  });

  it('opens an incident from a message: asks what and how bad, and says it where the message is [C1]', async () => {
    const shortcut = aShortcut(
      { text: 'checkout &lt;answers&gt; 503', thread_ts: '1780000000.000001' },
      { trigger_id: api.world.trigger() },
    );
    await house.send(signedInteraction(shortcut));
    await called('views.open');
    const [modal] = api.world.modals;
    const values = {
      summary: { summary: { type: 'plain_text_input', value: 'checkout "answers" 503' } },
      severity: { severity: { type: 'static_select', selected_option: { value: 'high' } } },
    };

    const answer = await house.send(signedInteraction(aSubmission({ ...modal?.view, id: modal?.id }, values)));

    expect(JSON.stringify(modal?.view)).to.contain('checkout <answers> 503');
    expect([answer.status, answer.text]).to.deep.equal([200, '']);
    expect(house.turns[0]).to.include({
      id: `slack:${modal?.id}`,
      origin: 'command',
      text: 'incident create summary="checkout "answers" 503" severity=high',
    });
    expect(house.turns[0]?.conversation.id).to.equal('T0OPS/C0OPS/1780000000.000001');
  });

  for (const [what, text] of Object.entries({ 'a long message': 'x'.repeat(2_000), 'a message without words': '' })) {
    it(`opens the incident dialog on ${what} [C1]`, async () => {
      await house.send(signedInteraction(aShortcut({ text }, { trigger_id: api.world.trigger() })));
      await called('views.open');

      expect(api.world.modals).to.have.length(1);
    });
  }

  it('does not make an incident of a severity that does not exist [C1]', async () => {
    const values = {
      summary: { summary: { type: 'plain_text_input', value: 'checkout answers 503' } },
      severity: {
        severity: { type: 'static_select', selected_option: { value: 'high" links="https://evil.example' } },
      },
    };

    const answer = await house.send(
      signedInteraction(aSubmission({ callback_id: 'create_incident', private_metadata: 'T0OPS/C0OPS' }, values)),
    );

    expect(JSON.parse(answer.text)).to.have.property('response_action', 'errors');
    expect(house.turns).to.deep.equal([]);
  });

  it('shows the Home tab anew to whoever asked for a change [C1, G15]', async () => {
    await house.close();
    house = await openHouse({
      apiUrl: api.apiUrl,
      lobby,
      onTurn: async ({ text }, _slack, heard) => {
        heard();
        return text === 'reboot' ? { ...answered, outcome: 'pending', approvalId: 'apr-1' } : answered;
      },
    });
    await house.send(signedEvent(anEvent(anOpening('home'))));
    await called('views.publish');

    await house.send(signedForm(aCommand('ec2 list')));
    await wait(100);
    await called('views.publish');
    await house.send(signedForm(aCommand('reboot')));

    await called('views.publish', 2);
  });
});
