import { expect } from 'chai';
import { approvalFields, isWell } from '../../../adapters/qbusiness/approval-fields.ts';
import { APPROVAL_STATES, type ApprovalView } from '../../../cards/view.ts';
import { anApproval } from '../views.ts';

const TOKEN = `approve-${'a'.repeat(43)}`;
const view = (more: Partial<ApprovalView>): ApprovalView => ({ ...anApproval(), outcome: [], ...more });

describe('the fields of a change', () => {
  it('are one text each, in every state [Q1, Q2]', () => {
    for (const state of APPROVAL_STATES) {
      const fields = approvalFields(view({ state }), TOKEN);

      const wrong = Object.entries(fields).filter(
        ([, value]) => !['string', 'boolean'].includes(typeof value) || value === '',
      );
      expect(wrong, state).to.deep.equal([]);
    }
  });

  it('hold the token only while it is of use [Q1, A5]', () => {
    const withToken = APPROVAL_STATES.filter((state) => 'approval_token' in approvalFields(view({ state }), TOKEN));

    expect(withToken).to.deep.equal(['pending']);
    expect(approvalFields(view({ state: 'pending' }), undefined).instructions).to.include(
      'the token that the first answer had',
    );
  });

  it('never say executed of what was not [Q1, G10]', () => {
    const source = { account: '111122223333', region: 'eu-west-1', at: '2026-11-20T12:00:00Z' };
    const live = { source: { ...source, mode: 'SANDBOX_LIVE' as const } };
    const dry = { source: { ...source, mode: 'DRY_RUN' as const } };

    const executed = APPROVAL_STATES.filter(
      (state) => 'action_executed' in approvalFields(view({ state, ...live }), undefined),
    );
    const dryRun = approvalFields(view({ state: 'succeeded', status: 'good', ...dry }), undefined);

    expect(executed).to.deep.equal(['succeeded']);
    expect(dryRun).not.to.have.property('action_executed');
    expect(dryRun.monitoring).to.equal('There is no effect to look for.');
  });

  it('say of the effect what was seen of it [Q1, G12]', () => {
    const monitoring = (more: Partial<ApprovalView>) => approvalFields(view(more), undefined).monitoring;

    expect(monitoring({ state: 'succeeded', status: 'waiting' })).to.match(/being looked for\. Ask again/);
    expect(monitoring({ state: 'succeeded', status: 'good' })).to.match(/is there\.$/);
    expect(monitoring({ state: 'succeeded', status: 'warning' })).to.match(/could not be confirmed/);
    expect(monitoring({ state: 'unknown' })).to.match(/^Evidence is being looked for/);
    expect(monitoring({ state: 'rejected' })).to.equal('There is no effect to look for.');
  });

  it('are well until they ended otherwise than was wanted [Q1]', () => {
    const badly = APPROVAL_STATES.filter((state) => !isWell(view({ state })));

    expect(badly).to.deep.equal(['failed', 'unknown', 'expired', 'invalidated', 'superseded', 'closed_unknown']);
  });
});
