import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { approveAll, CALLS, caller, createHouse, decide, posts, propose, records, stored } from './house.ts';
import { sdkError } from './recording-aws.ts';

describe('execution', () => {
  it('calls AWS once for an approved change, with INTENT before the call and OUTCOME after it [G10, A4]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);

    const after = await approveAll(house, id, 'dave');

    const chain = (await records(house)).filter(({ change_id }) => change_id === id);
    const seqOf = (type: string) => chain.find((record) => record.type === type)?.seq ?? Number.NaN;
    expect(after.state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
    expect(house.aws.writes[0]?.input).to.deep.equal({ InstanceIds: [known.sickInstance] });
    expect(seqOf('change_intent')).to.equal(house.aws.writes[0]?.seq);
    expect(seqOf('change_outcome')).to.be.greaterThan(seqOf('change_intent'));
    expect(chain.map(({ type }) => type)).to.deep.equal([
      'approval_requested',
      'approval_granted',
      'change_intent',
      'change_outcome',
      'change_verified',
    ]);
  });
});
