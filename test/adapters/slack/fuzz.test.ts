import { expect } from 'chai';
import { fuzzInbound, mutatedDeliveries } from './fuzz.ts';
import { mutations } from './mutations.ts';

const count = 3_000;

describe('changed Slack deliveries', () => {
  it('get in when nothing about them was changed, and otherwise never [C1]', async function () {
    this.timeout(60_000);

    const { sent, untouched, accepted, wrong } = await fuzzInbound(2026, count);

    expect(wrong).to.deep.equal([]);
    expect([sent, accepted]).to.deep.equal([count, untouched]);
    expect(untouched).to.be.within(count / 20, count / 2);
  });

  it('are changed in every way there is, the same for the same seed', () => {
    const once = [...mutatedDeliveries(7, 2_000)].map(({ how }) => how);

    const again = [...mutatedDeliveries(7, 2_000)].map(({ how }) => how);

    expect(again).to.deep.equal(once);
    expect(new Set(once)).to.have.lengthOf(Object.keys(mutations).length);
  });
});
