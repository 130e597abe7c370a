import { expect } from 'chai';
import { createOpenQuestions } from '../../bot/open-question.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { OPS } from '../approvals/house.ts';
import { createBotHouse } from './bot-house.ts';

const QUESTION = { tool: 'reboot_ec2', known: { reason: 'it hangs' }, missing: 'instance_id' };

describe('open question', () => {
  it('is answered by the missing part alone, by the one who was asked [L4]', async () => {
    const house = await createBotHouse();
    const asked = await house.say('alice', 'reboot', { conversation: OPS });
    const other = await house.say('dave', known.sickInstance, { conversation: OPS });
    const elsewhere = await house.say('alice', known.sickInstance);
    const answered = await house.say('alice', known.sickInstance, { conversation: OPS });

    expect(asked.outcome).to.equal('menu');
    expect(asked).to.include({ tool: 'reboot_ec2' });
    expect(other.tool).to.not.equal('reboot_ec2');
    expect(elsewhere.tool).to.not.equal('reboot_ec2');
    expect(answered).to.include({ outcome: 'pending', tool: 'reboot_ec2' });
  });

  it('is closed by its answer, by another request and after five minutes [L4]', async () => {
    const house = await createBotHouse();
    const openFor = async (then: () => Promise<unknown>) => {
      await house.say('alice', 'reboot');
      await then();
      return (await house.say('alice', known.healthyInstance)).tool === 'reboot_ec2';
    };

    expect(await openFor(() => house.say('alice', known.sickInstance))).to.equal(false);
    expect(await openFor(() => house.say('alice', 'approvals'))).to.equal(false);
    expect(await openFor(async () => house.setNow(house.clock.now() + 5 * 60_000))).to.equal(false);
    expect(await openFor(async () => house.setNow(house.clock.now() + 5 * 60_000 - 1))).to.equal(true);
  });

  it('is kept for each conversation and person, and replaced by the next', async () => {
    const { store, clock } = await createBotHouse();
    const questions = createOpenQuestions(store);
    const now = clock.now();
    const chat = { channel: 'web', id: '@alice' };
    await questions.write(chat, 'alice', QUESTION, now);
    await questions.write(chat, 'alice', { ...QUESTION, missing: 'reason' }, now);

    expect(await questions.read(chat, 'alice', now)).to.deep.equal({ ...QUESTION, missing: 'reason' });
    expect(await questions.read(chat, 'bob', now)).to.equal(undefined);
    expect(await questions.read({ ...chat, id: '#ops' }, 'alice', now)).to.equal(undefined);
    expect(await questions.read({ ...chat, channel: 'terminal' }, 'alice', now)).to.equal(undefined);
    await questions.write(chat, 'alice', undefined, now);
    await questions.write(chat, 'alice', undefined, now);
    expect(await questions.read(chat, 'alice', now)).to.equal(undefined);
  });
});
