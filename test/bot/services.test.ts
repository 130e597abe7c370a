import { expect } from 'chai';
import { createIdentity } from '../../bot/identity.ts';
import type { Speaker, Turn } from '../../bot/turn.ts';
import { CALLS, records } from '../approvals/house.ts';
import { createBotHouse } from './bot-house.ts';

const turn = (id: string, part: Partial<Turn>): Partial<Turn> => ({
  id,
  origin: 'api',
  speaker: { channel: 'api', userId: 'service:ci', auth: 'api-key' },
  conversation: { channel: 'api', id: 'service:ci' },
  ...part,
});

describe('a service and the bot', () => {
  it('reads and proposes by a typed call, and people are asked where they always are [Q3, G6]', async () => {
    const house = await createBotHouse();

    const read = await house.say('ci', '', turn('t-1', { call: { tool: 'list_ec2_instances', input: {} } }));
    const change = await house.say('ci', '', turn('t-2', { call: CALLS.medium }));
    await house.settle();

    expect(read.outcome).to.equal('done');
    expect(change).to.include({ outcome: 'pending', tool: 'reboot_ec2' });
    expect(change.approvalToken).to.match(/^approve-/);
    expect([...house.web.messages.values()].map(({ to }) => to.id)).to.deep.equal(['#ops']);
    expect((await records(house)).filter(({ actor }) => actor?.person === 'service:ci')).to.have.length.above(1);
  });

  it('decides nothing by text, by press or by token [Q3, G5]', async () => {
    const house = await createBotHouse();
    const { approvalId = '', approvalToken: token = '' } = await house.say('dave', '', {
      call: CALLS.medium,
    });

    const said = await house.say('ci', `approve ${approvalId}`, turn('t-1', {}));
    const pressed = await house.press('ci', { approvalId }, turn('t-2', {}));
    const byToken = await house.say('ci', '', turn('t-3', { decision: { verdict: 'approve', token } }));
    const paused = await house.say('ci', 'pause changes because of me', turn('t-4', {}));

    for (const { outcome, text } of [said, pressed, byToken, paused]) {
      expect(outcome).to.equal('denied');
      expect(text).to.include('services-never-decide');
    }
    expect(house.aws.writes).to.have.length(0);
  });

  const others: Speaker['auth'][] = ['local-switch', 'shell', 'signature', 'token', 'oidc', 'bearer'];
  for (const auth of others) {
    it(`is nobody who comes by ${auth}: only its key shows that it is one [Q3]`, async () => {
      const house = await createBotHouse();

      const { outcome, text } = await house.say('ci', 'help', {
        speaker: { channel: 'web', userId: 'service:ci', auth },
      });

      expect(outcome).to.equal('denied');
      expect(text).to.include('X-API-Key');
    });
  }

  it('is no person: a key lets nobody speak as one [Q3]', async () => {
    const { store, clock, audit, parts } = await createBotHouse();
    const identity = createIdentity({ store, clock, audit, people: parts.people, channels: new Map() });

    const who = await identity.identify({ channel: 'api', userId: 'erin@example.com', auth: 'api-key' });

    expect(who).to.have.property('because').that.includes('API key only');
  });
});
