import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import { openRest, type Rest } from './rest-house.ts';

const SIGN_IN = {
  ...{ OIDC_ISSUER: 'https://login.example.com', OIDC_CLIENT_ID: 'opsagent', OIDC_CLIENT_SECRET: 'secret' },
  PUBLIC_URL: 'https://ops.example.com',
};

describe('REST where people sign in to the console', () => {
  let rest: Rest;

  before(async () => {
    rest = await openRest(SIGN_IN, async ({ headers }, channel) => ({
      speaker: { channel, userId: String(headers['x-opsagent-person']), auth: 'bearer', signedInAt: Date.now() },
    }));
  });
  after(() => rest.close());

  it('answers a yes to a high risk with the way to a fresh sign-in, in each form of the answer [C3, Q1, Q4]', async () => {
    const parameters = { action: 'reboot_ec2', instance_id: known.productionInstance, reason: 'it hangs' };
    const proposed = await rest.post('/operations/propose', { parameters }, 'alice@example.com');
    const approval_token = proposed.body.approval_token;
    const as = 'bob@example.com';

    const whole = await rest.post('/operations/approve', { parameters: { approval_token } }, as);
    const flat = await rest.post('/operations/approve_change', { approval_token }, as);
    const said = await rest.post('/chat', { text: `approve token:${approval_token}` }, as);
    const status = await rest.get(`/operations/get_change_status?approval_id=${proposed.body.approval_id}`, as);

    const link = `https://ops.example.com/approvals/${proposed.body.approval_id}?step_up=`;
    for (const { status: code, body } of [whole, flat, said])
      expect([code, body.success, body.status]).to.deep.equal([200, false, 'sign_in_required']);
    expect(whole.body.details).to.include({ rule: 'fresh-sign-in' });
    expect(whole.body.details)
      .to.have.property('console_url')
      .that.satisfies((url: string) => url.startsWith(link));
    expect(flat.body.details).to.include(link);
    expect(said.body.details).to.include(link);
    expect(status.body).to.include({ status: 'pending' });
  });
});
