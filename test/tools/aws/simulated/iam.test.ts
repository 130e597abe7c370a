import { expect } from 'chai';
import { openEstate, thrownBy } from './open-estate.ts';

describe('simulated IAM', () => {
  it('has users with keys of different ages, the same on every day [A7]', async () => {
    const { apis } = await openEstate();

    const { Users = [] } = await apis.iam.listUsers({});
    const keys = await Promise.all(Users.map(({ UserName }) => apis.iam.listAccessKeys({ UserName })));

    const ages = keys.flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata);
    expect(Users.length).to.be.above(4);
    expect(ages.map(({ Status }) => Status)).to.include.members(['Active', 'Inactive']);
    expect(new Set(ages.map(({ AccessKeyId }) => AccessKeyId)).size).to.equal(ages.length);
    for (const { AccessKeyId } of ages) expect(AccessKeyId).to.match(/^AKIA[0-9A-F]{16}$/);
  });

  it('pages its users by marker [A7, T11]', async () => {
    const { apis } = await openEstate();
    const whole = await apis.iam.listUsers({});

    const first = await apis.iam.listUsers({ MaxItems: 4 });
    const second = await apis.iam.listUsers({ MaxItems: 100, Marker: first.Marker });

    expect([first.IsTruncated, second.IsTruncated]).to.deep.equal([true, false]);
    expect([...(first.Users ?? []), ...(second.Users ?? [])]).to.deep.equal(whole.Users);
  });

  it('refuses a user, key or marker it does not have in AWS’s words [A7, T11]', async () => {
    const { apis } = await openEstate();

    const user = await thrownBy(apis.iam.listAccessKeys({ UserName: 'nobody' }));
    const key = await thrownBy(apis.iam.getAccessKeyLastUsed({ AccessKeyId: 'AKIA0000' }));
    const marker = await thrownBy(apis.iam.listUsers({ Marker: 'banana' }));

    expect(user).to.include({ code: 'aws_not_found' });
    expect(key).to.include({ code: 'aws_not_found' });
    expect(marker).to.include({ code: 'aws_invalid' });
  });
});
