import { expect } from 'chai';
import { createAskChannel } from '../../../adapters/terminal/ask.ts';
import { approvalSample } from '../../cards/samples.ts';

const here = { channel: 'ask-test', id: 'prompt' };
const message = (body: string) => ({ kind: 'message' as const, title: body, body });

describe('the channel of one ask', () => {
  it('keeps what is posted and whispered until it is taken, once and in order [C4]', async () => {
    const ask = createAskChannel('ask-test');
    await ask.post(here, message('first'));
    ask.progress(here, 'working…');
    await ask.whisper(here, 'alice@example.com', message('second'));

    const taken = ask.take();
    const again = ask.take();

    expect(taken.map(({ title }) => title)).to.deep.equal(['first', 'second']);
    expect(again).to.deep.equal([]);
  });

  it('does not say a card again because it was edited [C4]', async () => {
    const ask = createAskChannel('ask-test');
    const card = await ask.post(here, approvalSample({}));
    ask.take();

    await ask.update(card, approvalSample({ state: 'succeeded' }));

    expect(card).to.include({ channel: 'ask-test', conversation: 'prompt' });
    expect(ask.take()).to.deep.equal([]);
  });
});
