import { expect } from 'chai';
import { createAskChannel } from '../../../adapters/terminal/ask.ts';
import { aMessage, anApproval } from '../views.ts';

const place = { channel: 'ask-test', id: 'me' };

describe('the channel of one question', () => {
  it('gives back everything that was posted as text, in order [C4]', async () => {
    const ask = createAskChannel({ name: 'ask-test' });

    await ask.post(place, aMessage('first'));
    ask.progress(place, 'working…');
    await ask.whisper(place, 'alice@example.com', aMessage('second'));

    expect(ask.text()).to.match(/first[\s\S]*second/);
    expect(ask.text()).not.to.contain('working');
  });

  it('shows a message that was updated once, in its newest state', async () => {
    const ask = createAskChannel({ name: 'ask-test' });
    const message = await ask.post(place, anApproval());
    await ask.post(place, aMessage('later'));

    await ask.update(message, anApproval({ state: 'succeeded', outcome: ['Running again.'], actions: [] }));

    expect(message.channel).to.equal('ask-test');
    expect(ask.text()).to.match(/Running again\.[\s\S]*later/);
    expect(ask.text().split('Reboot EC2 instance')).to.have.length(2);
  });

  it('uses no colour and no escape codes', async () => {
    const ask = createAskChannel({ name: 'ask-test' });

    await ask.post(place, { ...aMessage('\u001b[31mred'), status: 'bad' });

    expect(ask.text())
      .to.contain('red')
      .and.not.match(/\u001b/);
  });
});
