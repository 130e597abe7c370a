import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Turn } from '../../../bot/turn.ts';
import { readable } from '../../cards/blockkit/block-text.ts';
import { aMessage } from '../views.ts';
import { aCommand, aDirectMessage, anEvent } from './payloads.ts';
import { signedEvent, signedForm } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse, type SlackHouse } from './slack-house.ts';

/** Longer than work that shows no line. */
const longerMs = 900;

describe('progress in Slack', () => {
  let api: SlackApi;
  let house: SlackHouse;
  let work: (turn: Turn) => Promise<void>;

  beforeEach(async () => {
    api = await startSlackApi();
    house = await openHouse({
      apiUrl: api.apiUrl,
      onTurn: async (turn, _slack, heard) => {
        heard();
        await work(turn);
        return answered;
      },
    });
  });
  afterEach(async () => {
    await house.close();
    await api.close();
  });

  async function works(inTurn: typeof work, direct = false): Promise<void> {
    work = inTurn;
    await house.send(direct ? signedEvent(anEvent(aDirectMessage('why?'))) : signedForm(aCommand('why?')));
    await house.settled();
    await wait(50);
  }
  const shown = (): string[] => api.world.messages.map(({ blocks }) => readable(blocks));
  const methods = (): string[] => api.calls.map(({ method }) => method).filter((method) => method !== 'auth.test');

  it('is a message when work takes long, and the answer takes its place [C6]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking CloudWatch…');
      await wait(longerMs);
      expect(shown()).to.deep.equal(['checking CloudWatch…']);
      await house.slack.post(conversation, aMessage('found it'));
    });

    expect(shown()).to.have.length(1);
    expect(shown()[0]).to.contain('found it').and.not.contain('checking');
    expect(methods()).to.deep.equal(['chat.postMessage', 'chat.update']);
  });

  it('is not shown for work that is done soon [C6]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking CloudWatch…');
      await wait(100);
      await house.slack.post(conversation, aMessage('found it'));
    });

    await wait(longerMs);
    expect(methods()).to.deep.equal(['chat.postMessage']);
  });

  it('is edited once a second at most, with the newest words [C6]', async () => {
    await works(async ({ conversation }) => {
      for (let step = 0; step < 24; step++) {
        house.slack.progress(conversation, `step ${step}`);
        await wait(100);
      }
      await house.slack.post(conversation, aMessage('found it'));
    });

    const times = api.calls.filter(({ method }) => method !== 'auth.test').map(({ at }) => at);
    const edits = times.slice(1, -1);
    expect(edits.length).to.be.within(1, 2);
    expect(edits.every((at, index) => at - (times[index] ?? 0) >= 950)).to.equal(true);
  });

  it('leaves nothing behind a whisper [C6, C8]', async () => {
    await works(async ({ conversation, speaker }) => {
      house.slack.progress(conversation, 'checking…');
      await wait(longerMs);
      await house.slack.whisper(conversation, speaker.userId, aMessage('you may not'));
    });

    expect(shown()).to.have.length(1);
    expect(shown()[0]).to.contain('you may not');
  });

  it('leaves nothing behind a turn that answers nothing, or fails [C6, G11]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'rebooting…');
      await wait(longerMs);
      throw new Error('a fault');
    });

    expect(shown()).to.deep.equal([]);
    expect(methods()).to.deep.equal(['chat.postMessage', 'chat.delete']);
  });

  it('says nothing any more when its turn is over [C6]', async () => {
    await works(async ({ conversation }) => {
      setTimeout(() => house.slack.progress(conversation, 'still looking…'), 20);
    });

    await wait(longerMs);
    expect(methods()).to.deep.equal([]);
  });

  it('belongs to its own turn where two people ask in one channel [C6]', async () => {
    let number = 0;
    work = async ({ conversation }) => {
      const own = ++number;
      house.slack.progress(conversation, `checking for ${own}…`);
      await wait(longerMs + own * 200);
      await house.slack.post(conversation, aMessage(`answer ${own}`));
    };
    await house.send(signedForm(aCommand('why?')));
    await house.send(signedForm(aCommand('why?', { user_id: 'U0BOB' })));
    await house.settled();

    const [first, second] = shown();
    expect(api.world.messages).to.have.length(2);
    expect([first, second].map((one) => /answer (\d)/.exec(one ?? '')?.[1])).to.have.members(['1', '2']);
  });

  it('posts the answer anew when the line cannot become it [C6]', async () => {
    api.fails(/^chat\.update$/, 2, { error: 'cant_update_message' });

    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking…');
      await wait(longerMs);
      await house.slack.post(conversation, aMessage('found it'));
    });

    expect(shown()).to.have.length(1);
    expect(shown()[0]).to.contain('found it');
  });

  it('does not keep the answer back when no line can be shown [C6]', async () => {
    api.fails(/^chat\.postMessage$/, 1, { error: 'restricted_action' });

    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking…');
      await wait(longerMs);
      await house.slack.post(conversation, aMessage('found it'));
    });

    expect(shown().join()).to.contain('found it');
  });

  it('is the status of a direct thread, which the answer takes away [C6]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking CloudWatch…');
      await wait(100);
      expect([...api.world.statuses.values()]).to.deep.equal(['checking CloudWatch…']);
      await house.slack.post(conversation, aMessage('found it'));
    }, true);

    expect([...api.world.statuses.values()].filter((status) => status !== '')).to.deep.equal([]);
    expect(shown()).to.have.length(1);
  });

  it('takes the status away from a direct thread without an answer [C6]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, 'checking CloudWatch…');
      await wait(100);
    }, true);

    expect([...api.world.statuses.values()]).to.deep.equal(['']);
  });

  it('is text, whatever it holds [C6]', async () => {
    await works(async ({ conversation }) => {
      house.slack.progress(conversation, '<!channel> *rebooting* \u202e<@U0BOB>');
      await wait(longerMs);
    });

    const [posted] = api.callsOf('chat.postMessage');
    expect(posted?.text).not.to.match(/<!|<@|\u202e/);
    expect(JSON.stringify(posted?.blocks))
      .to.contain('plain_text')
      .and.not.match(/<!channel>|\u202e/);
  });
});
