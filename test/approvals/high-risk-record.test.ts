import { expect } from 'chai';
import { approveAll, CALLS, createHouse, propose } from './house.ts';

/** A house whose second place for checkpoints does not answer the first times it is asked. */
async function sealedHouse(refusals: number) {
  const house = await createHouse();
  const outside = { asked: 0 };
  house.parts.sealRecord = async () => {
    outside.asked += 1;
    return outside.asked <= refusals ? 'S3 does not answer' : undefined;
  };
  return { house, outside };
}

describe('where high-risk changes need their record outside', () => {
  it('one waits while no checkpoint arrives, and runs once when one does [A3]', async () => {
    const { house, outside } = await sealedHouse(3);
    const { id } = await propose(house, CALLS.high);

    const done = await approveAll(house, id, 'dave', 'erin');

    expect(done.state).to.equal('succeeded');
    expect(outside.asked).to.equal(4);
    expect(house.aws.writes).to.have.length(1);
  });

  it('one that never gets its checkpoint ends without a call, and says why [A3]', async () => {
    const { house } = await sealedHouse(Number.POSITIVE_INFINITY);
    const { id } = await propose(house, CALLS.high);

    const ended = await approveAll(house, id, 'dave', 'erin');

    expect(ended.state).to.equal('invalidated');
    expect(house.desk.card(ended).outcome.join(' ')).to.match(/No audit checkpoint arrived.*S3 does not answer/);
    expect(house.aws.writes).to.have.length(0);
  });

  it('changes of lower risk ask for none [A3]', async () => {
    const { house, outside } = await sealedHouse(Number.POSITIVE_INFINITY);
    const { id } = await propose(house, CALLS.medium);

    const done = await approveAll(house, id, 'dave');

    expect(done.state).to.equal('succeeded');
    expect(outside.asked).to.equal(0);
  });
});
