import { expect } from 'chai';
import type { Turn } from '../../../bot/turn.ts';
import type { View } from '../../../cards/view.ts';
import { OpsError } from '../../../lib/errors.ts';
import { readable } from '../../cards/blockkit/block-text.ts';
import { aChart, aMessage, anApproval, aTable } from '../views.ts';
import { aCommand, aDirectMessage, aMention, anEvent, aPress } from './payloads.ts';
import { type SignedRequest, signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse, type SlackHouse } from './slack-house.ts';
import { channel, directOf, type Message } from './slack-world.ts';

const place = { channel: 'slack', id: `T0OPS/${channel}` };

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('what OpsAgent says in Slack', () => {
  let api: SlackApi;
  let house: SlackHouse;
  let answer: (turn: Turn) => Promise<void>;

  beforeEach(async () => {
    answer = async () => {};
    api = await startSlackApi();
    house = await openHouse({
      apiUrl: api.apiUrl,
      consoleUrl: 'https://ops.example.com',
      onTurn: async (turn, _slack, heard) => {
        heard();
        await answer(turn);
        return answered;
      },
    });
  });
  afterEach(async () => {
    await house.close();
    await api.close();
  });

  const answerWith = (...views: View[]): void => {
    answer = async ({ conversation }) => {
      for (const view of views) await house.slack.post(conversation, view);
    };
  };
  async function says(request: SignedRequest): Promise<void> {
    expect((await house.send(request)).status).to.equal(200);
    await house.settled();
  }
  const last = (): Message | undefined => api.world.messages.at(-1);
  const lastText = (): string => readable(last()?.blocks);

  it('answers a command in the channel, and a mention in its thread [C1]', async () => {
    answerWith(aMessage('two instances are running'));

    await says(signedForm(aCommand('ec2 list')));
    await says(signedEvent(anEvent(aMention('ec2 list', { ts: '1780000000.000100' }))));

    const [inChannel, inThread] = api.callsOf('chat.postMessage');
    expect(inChannel).to.include({ channel, unfurl_links: 'false', unfurl_media: 'false' });
    expect(inChannel).not.to.have.property('thread_ts');
    expect(inThread).to.include({ channel, thread_ts: '1780000000.000100' });
  });

  it('names its messages so that they can be edited and talked about [G11]', async () => {
    const message = await house.slack.post(place, anApproval());
    const inThread = await house.slack.post({ ...place, id: `${place.id}/1780000000.000100` }, aMessage('x'));

    expect(message).to.deep.equal({ channel: 'slack', conversation: place.id, message: last() && message.message });
    expect(message.message).to.match(/^\d+\.\d{6}$/);
    expect(house.slack.thread?.(message)).to.deep.equal({ channel: 'slack', id: `${place.id}/${message.message}` });
    expect(house.slack.thread?.(inThread).id).to.equal(`${place.id}/1780000000.000100`);
  });

  it('names the direct channel that Slack opens for a person [G11]', async () => {
    const message = await house.slack.post({ channel: 'slack', id: 'T0OPS/U0BOB' }, anApproval());

    await house.slack.update(message, anApproval({ state: 'rejected', actions: [] }));

    expect(message.conversation).to.equal(`T0OPS/${directOf('U0BOB')}`);
    expect(lastText()).to.match(/rejected/i);
  });

  it('never shows an approval token [G5]', async () => {
    const token = `approve-${'x'.repeat(43)}`;
    const message = await house.slack.post(place, anApproval({ token }));
    await house.slack.update(message, anApproval({ token }));
    await house.slack.whisper(place, 'T0OPS/U0BOB', anApproval({ token }));

    expect(JSON.stringify(api.calls)).not.to.contain(token);
  });

  describe('where it is not in the channel', () => {
    beforeEach(() => {
      api.world.channels.get(channel)?.delete('U0BOT');
    });

    it('answers whoever asked in their own messages, and says why and how to bring it in [C1]', async () => {
      answerWith(aMessage('two instances are running'));

      await says(signedForm(aCommand('ec2 list')));

      expect(last()?.channel).to.equal(directOf('U0ALICE'));
      expect(lastText()).to.contain('two instances are running').and.contain('/invite @OpsAgent');
    });

    it('answers each of two people who ask there at once by themselves [C1]', async () => {
      const both = Promise.withResolvers<void>();
      let asked = 0;
      answer = async ({ conversation, speaker }) => {
        asked += 1;
        if (asked === 2) both.resolve();
        await both.promise;
        await house.slack.post(conversation, aMessage(`for ${speaker.userId}`));
      };

      await Promise.all([
        says(signedForm(aCommand('ec2 list', { user_id: 'U0ALICE' }))),
        says(signedForm(aCommand('ec2 list', { user_id: 'U0BOB' }))),
      ]);

      const got = api.world.messages.map((message) => [
        message.channel,
        /for (\S+)/.exec(readable(message.blocks))?.[1],
      ]);
      expect(got).to.have.deep.members([
        [directOf('U0ALICE'), 'T0OPS/U0ALICE'],
        [directOf('U0BOB'), 'T0OPS/U0BOB'],
      ]);
    });

    it('whispers to people in their own messages [C8]', async () => {
      await house.slack.whisper(place, 'T0OPS/U0BOB', aMessage('you may not approve this'));

      expect(last()).to.include({ channel: directOf('U0BOB') });
    });

    it('does not deliver what nobody asked for there, and does not try again [C1]', async () => {
      const thrown = await failure(house.slack.post(place, anApproval()));

      expect(thrown).to.be.instanceOf(OpsError).and.include({ code: 'delivery_failed', retryable: false });
      expect(thrown).to.have.property('hint').that.contains('/invite @OpsAgent');
      expect(api.world.messages).to.deep.equal([]);
    });
  });

  it('whispers in the channel and its thread, to one person [C8]', async () => {
    await house.slack.whisper({ ...place, id: `${place.id}/1780000000.000100` }, 'T0OPS/U0BOB', aMessage('no'));

    expect(last()).to.include({ channel, only: 'U0BOB', thread_ts: '1780000000.000100' });
  });

  it('whispers to somebody who is not in the channel in their own messages [C8]', async () => {
    api.world.channels.get(channel)?.delete('U0BOB');

    await house.slack.whisper(place, 'T0OPS/U0BOB', aMessage('no'));

    expect(last()).to.include({ channel: directOf('U0BOB') });
  });

  it('draws a chart as text where Slack does not take it drawn [C7]', async () => {
    api.fails(/^chat\.postMessage$/, 1, { error: 'invalid_blocks' });

    await house.slack.post(place, aChart());

    const [native, plain] = api.callsOf('chat.postMessage').map(({ blocks }) => JSON.stringify(blocks));
    expect(native).to.contain('data_visualization');
    expect(plain)
      .to.contain('CPU of web-1')
      .and.match(/[▁▂▃▄▅▆▇█]/);
    expect(plain).not.to.contain('data_visualization');
    expect(api.world.messages).to.have.length(1);
  });

  for (const error of ['invalid_blocks', 'msg_blocks_too_long']) {
    it(`says it in one line, with the way to the console, when Slack takes no card at all (${error}) [C9]`, async () => {
      api.fails(/^chat\.postMessage$/, 2, { error });

      await house.slack.post(place, aTable(3));

      expect(last()?.text).to.contain('EC2 instances').and.contain('<https://ops.example.com|Open in console>');
      expect(last()?.blocks).to.deep.equal([]);
    });
  }

  for (const error of ['message_not_found', 'cant_update_message', 'channel_not_found', 'is_archived']) {
    it(`gives up an edit that can never be made (${error}) [G11]`, async () => {
      const message = await house.slack.post(place, anApproval());
      api.fails(/^chat\.update$/, 1, { error });

      const thrown = await failure(house.slack.update(message, anApproval({ state: 'rejected' })));

      expect(thrown).to.include({ code: 'delivery_failed', retryable: false });
    });
  }

  it('leaves to the outbox what has to wait longer than a few seconds [C5]', async () => {
    api.fails(/^chat\.postMessage$/, 1, { retryAfter: 30 });

    const thrown = await failure(house.slack.post(place, anApproval()));

    expect(thrown).to.include({ code: 'delivery_failed', retryable: true });
    expect(api.callsOf('chat.postMessage')).to.have.length(1);
  });

  it('waits as long as Slack says when that is short [C5]', async () => {
    api.fails(/^chat\.postMessage$/, 1, { retryAfter: 1 });
    const began = Date.now();

    await house.slack.post(place, anApproval());

    expect(Date.now() - began).to.be.within(950, 3_000);
    expect(api.world.messages).to.have.length(1);
  });

  it('does not send a message again that Slack may have, and sends it later as the same one [C5]', async () => {
    api.cutsAnswerOf(/^chat\.postMessage$/);

    const thrown = await failure(house.slack.post(place, anApproval()));
    const sentBefore = api.callsOf('chat.postMessage').length;
    await house.slack.post(place, anApproval());

    expect(thrown).to.include({ code: 'delivery_failed', retryable: true });
    expect(sentBefore).to.equal(1);
    expect(api.world.messages).to.have.length(1);
  });

  it('sends a message over another connection when Slack had closed the one that was kept [C5]', async () => {
    await house.slack.post(place, aMessage('first'));
    api.hangsUpOn(/^chat\.postMessage$/);

    await house.slack.post(place, aMessage('second'));

    expect(api.world.messages).to.have.length(2);
  });

  it('sends two messages that say the same as two [C5]', async () => {
    await house.slack.post(place, aMessage('done'));
    await house.slack.post(place, aMessage('done'));

    expect(api.world.messages).to.have.length(2);
  });

  it('edits a message again that Slack may have edited: twice is once [G11]', async () => {
    const message = await house.slack.post(place, anApproval());
    api.cutsAnswerOf(/^chat\.update$/);

    await house.slack.update(message, anApproval({ state: 'rejected', actions: [] }));

    expect(api.callsOf('chat.update')).to.have.length(2);
  });

  for (const [what, id] of Object.entries({
    'another workspace': 'T0FOREIGN/C0OPS',
    'no conversation at all': '#ops',
    'a path': 'T0OPS/../C0OPS',
  })) {
    it(`says nothing in ${what} [C1]`, async () => {
      const thrown = await failure(house.slack.post({ channel: 'slack', id }, aMessage('x')));

      expect(thrown).to.include({ code: 'delivery_failed', retryable: false });
      expect(api.callsOf('chat.postMessage')).to.deep.equal([]);
    });
  }

  it('lets what a model wrote appear in a person’s own thread, and leaves one message [C1]', async () => {
    answerWith({ ...aMessage('Probably the new version. <!channel> [x](https://evil.example)'), aiWritten: true });

    await says(signedEvent(anEvent(aDirectMessage('why is web slow?'))));

    expect(api.calls.map(({ method }) => method).filter((method) => method.startsWith('chat.'))).to.deep.equal([
      'chat.startStream',
      'chat.appendStream',
      'chat.stopStream',
    ]);
    expect(api.world.messages).to.have.length(1);
    expect(lastText()).to.contain('Probably the new version.').and.contain('Written by AI');
    expect(JSON.stringify(api.calls)).not.to.contain('markdown_text');
  });

  for (const method of ['chat.startStream', 'chat.appendStream', 'chat.stopStream']) {
    it(`posts what a model wrote whole when ${method} fails [C1]`, async () => {
      api.fails(new RegExp(`^${method}$`), 2, { error: 'not_allowed' });
      answerWith({ ...aMessage('Probably the new version.'), aiWritten: true });

      await says(signedEvent(anEvent(aDirectMessage('why is web slow?'))));

      expect(api.world.messages).to.have.length(1);
      expect(lastText().split('Probably the new version.')).to.have.length(2);
    });
  }

  it('tells whoever presses a button nobody knows that nothing was done [C8]', async () => {
    await says(signedInteraction(aPress({ action_id: 'approve_now', value: '{"approvalId":"apr-1"}' })));
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(house.turns).to.deep.equal([]);
    expect(last()).to.include({ only: 'U0ALICE' });
    expect(lastText()).to.contain('Nothing was done');
  });
});
