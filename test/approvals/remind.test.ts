import { expect } from 'chai';
import type { Address } from '../../approvals/outbox.ts';
import { CALLS, createHouse, decide, type House, NOON, posts, propose, records, stored } from './house.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

/** Two groups: one in the console, one with two places on another channel. */
async function twoGroups(): Promise<House> {
  const house = await createHouse({ settings: { channels: ['#ops', '#leads'], approvers: ['#ops', '#leads'] } });
  const places: Record<string, Address[]> = {
    '#ops': [{ channel: 'web', id: '#ops' }],
    '#leads': [
      { channel: 'chat', id: 'C1' },
      { channel: 'chat', id: 'C2' },
    ],
  };
  house.parts.route = (name) => places[name] ?? [];
  return house;
}

const at = async (house: House, ms: number) => {
  house.setNow(NOON + ms);
  return house.gate.sweep(never);
};

describe('a change that nobody answers', () => {
  it('is put before the first group, reminded of at half of its life, and then put before the next group [G14]', async () => {
    const house = await twoGroups();
    const { id } = await propose(house, CALLS.medium);
    const before = await at(house, 7.5 * MINUTE - 1);
    const askedAtFirst = await posts(house, 'chat');

    const due = await at(house, 7.5 * MINUTE);

    const [reminder] = (await posts(house)).filter(({ value }) => value.under === id);
    const next = await posts(house, 'chat');
    expect([before.reminded, due.reminded]).to.deep.equal([0, 1]);
    expect(askedAtFirst).to.deep.equal([]);
    expect(reminder?.value.view).to.deep.include({
      title: 'Still waiting: Reboot EC2 instance i-0bad5eed2c0ffee02 (web-2)',
      body: 'Expires in 7 minutes; 0 of 1 approvals so far. #leads is asked now as well.',
    });
    expect(next.map(({ value }) => [value.to.id, value.card_of])).to.have.deep.members([
      ['C1', id],
      ['C2', id],
    ]);
  });

  it('is reminded of once, however often anybody looks [G14]', async () => {
    const house = await twoGroups();
    const { id } = await propose(house, CALLS.medium);

    const swept = [await at(house, 8 * MINUTE), await at(house, 9 * MINUTE), await at(house, 14 * MINUTE)];

    expect(swept.map(({ reminded }) => reminded)).to.deep.equal([1, 0, 0]);
    expect((await stored(house, id)).reminders).to.equal(1);
    expect((await records(house)).filter(({ type }) => type === 'approval_reminded')).to.have.length(1);
  });

  it('is reminded of once by two processes that look together [G14, G8]', async () => {
    const house = await twoGroups();
    await propose(house, CALLS.medium);
    house.setNow(NOON + 8 * MINUTE);

    const swept = await Promise.all([house.gate.sweep(never), house.gate.sweep(never)]);

    expect(swept.map(({ reminded }) => reminded).sort()).to.deep.equal([0, 1]);
  });

  it('is announced as expired to everybody who was asked [G14, G11]', async () => {
    const house = await twoGroups();
    const { id } = await propose(house, CALLS.medium);
    await at(house, 8 * MINUTE);

    await at(house, 15 * MINUTE + 1);

    const said = [...(await posts(house)), ...(await posts(house, 'chat'))].filter(({ id: post }) =>
      post.startsWith(`${id}:expired`),
    );
    expect(said.map(({ value }) => value.to.id)).to.have.members(['@alice', '#ops', 'C1', 'C2']);
  });

  it('tells every group that was asked how it ended, and none that was not [G11]', async () => {
    const house = await twoGroups();
    const { id } = await propose(house, CALLS.medium);

    await decide(house, 'bob', id, { verdict: 'reject', reason: 'not now' });

    expect((await posts(house)).filter(({ value }) => value.under === id)).to.have.length(1);
    expect(await posts(house, 'chat')).to.deep.equal([]);
  });

  it('is not reminded of once somebody has decided [G14]', async () => {
    const house = await twoGroups();
    const { id } = await propose(house, CALLS.medium);
    await decide(house, 'bob', id, { verdict: 'reject', reason: 'not now' });

    const swept = await at(house, 8 * MINUTE);

    expect(swept.reminded).to.equal(0);
  });
});
