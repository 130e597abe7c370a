import { expect } from 'chai';
import type { Turn } from '../../bot/turn.ts';
import { NOON } from '../approvals/house.ts';
import { type BotHouse, createBotHouse } from './bot-house.ts';
import { views } from './recording-channel.ts';

const aTurn = (text: string): Turn => ({
  ...{ id: `chat:${text}`, at: NOON, origin: 'message', text },
  speaker: { channel: 'web', userId: 'alice@example.com', auth: 'local-switch' },
  conversation: { channel: 'web', id: '@alice' },
});

/** The asker is told that it arrived; then the process is gone before there is an answer. */
async function dieWhileWorking(house: BotHouse, text: string): Promise<void> {
  const { identify } = house.identity;
  house.identity.identify = () => new Promise(() => {});
  house.identity.known = async () => undefined;
  await new Promise<void>((heard) => void house.bot.handleTurn(aTurn(text), heard));
  house.identity.identify = identify;
}

const titles = (house: BotHouse) => views(house.web).map(({ title }) => title);

describe('a turn that was interrupted', () => {
  it('is told to whoever asked, once, when nobody can be working on it any more [C6, O5]', async () => {
    const first = await createBotHouse();
    await dieWhileWorking(first, 'list ec2 instances with token=s3cr3t-value-1234');
    const [second, third] = [
      await createBotHouse({ store: first.store }),
      await createBotHouse({ store: first.store }),
    ];
    second.setNow(NOON + 179_000);
    await second.settle();
    const early = titles(second);

    for (const house of [second, third]) house.setNow(NOON + 181_000);
    await Promise.all([second.settle(), third.settle(), second.settle(), third.settle()]);

    expect(early).to.deep.equal([]);
    expect([...titles(second), ...titles(third)]).to.deep.equal(['I was interrupted']);
    const [view] = [...views(second.web), ...views(third.web)];
    expect(view).to.have.property('body').that.contains('list ec2 instances').and.not.contains('s3cr3t');
  });

  it('is not told of where the answer came, nor where the asker waits for it [C6]', async () => {
    const house = await createBotHouse();
    await house.bot.handleTurn(aTurn('help'), () => {});
    await house.bot.handleTurn(aTurn('approvals'));

    house.setNow(NOON + 600_000);
    await house.settle();

    expect(titles(house)).to.not.include('I was interrupted');
  });
});
