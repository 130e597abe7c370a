import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { openRest, type Rest } from './rest-house.ts';

const BOB = 'bob@example.com';

describe('a yes to a high risk by REST, where people sign in to the console', () => {
  let rest: Rest;

  before(async () => {
    rest = await openRest({
      PORT: '3978',
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'console',
      OIDC_CLIENT_SECRET: 'a secret of the test',
    });
  });
  after(() => rest.close());

  it('does not count, and its answer leads to where it does, as an object and as text [Q1, G3]', async () => {
    const { body } = await rest.post('/operations/reboot_ec2', { instance_id: known.productionInstance });
    const approval = { approval_token: body.approval_token };

    const asObject = await rest.post('/operations/approve', { parameters: approval }, BOB);
    const asText = await rest.post('/operations/approve_change', approval, BOB);

    const link = new RegExp(`^http://\\S+/approvals/${body.approval_id}\\?step_up=\\S+$`);
    expect(asObject.body).to.include({ success: false, status: 'denied' });
    expect(asObject.body.details).to.include({ rule: 'fresh-sign-in' }).and.have.property('link').that.matches(link);
    expect(asObject.body.summary).to.match(/Nothing is decided by opening it\.$/);
    expect(
      String(asText.body.details)
        .split(/\s+/)
        .some((word) => link.test(word)),
    ).to.equal(true);
  });
});
