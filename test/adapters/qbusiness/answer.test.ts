import { expect } from 'chai';
import { answerOf } from '../../../adapters/qbusiness/answer.ts';
import type { Asked } from '../../../adapters/qbusiness/asked.ts';
import type { TurnResult } from '../../../bot/turn.ts';
import type { ApprovalView } from '../../../cards/view.ts';
import { anApproval } from '../views.ts';

const FORM = { details: 'object', mode: 'SANDBOX_LIVE' } as const;

describe('the answer about a change', () => {
  const standing = (kind: Asked['kind'], state: ApprovalView['state']) => {
    const view: ApprovalView = { ...anApproval(), outcome: [], state };
    const result: TurnResult = { outcome: 'answer', view, text: '', correlationId: 'c-1' };
    const { status, success } = answerOf({ kind, said: { text: '' } }, result, FORM).body as Record<string, unknown>;
    return { status, success };
  };

  for (const state of ['failed', 'unknown', 'invalidated', 'expired', 'superseded'] as const)
    it(`is no success to whoever decided, when it ${state === 'unknown' ? 'may have happened' : `is ${state}`}; whoever only asked was answered [Q1, Q4]`, () => {
      const [decided, asked] = [standing('decision', state), standing('status', state)];

      expect(decided).to.deep.equal({ status: state, success: false });
      expect(asked).to.deep.equal({ status: state, success: true });
    });

  it('is a success to whoever decided when it went as they wanted [Q1]', () => {
    const states = (['succeeded', 'rejected', 'cancelled', 'pending', 'approved'] as const).map((state) =>
      standing('decision', state),
    );

    expect(states.map(({ success }) => success)).to.deep.equal(Array(5).fill(true));
    expect(states.at(-1)?.status).to.equal('executing');
  });
});
