import { expect } from 'chai';
import fc from 'fast-check';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import type { ApprovalView } from '../../../cards/view.ts';
import { votesOf } from '../../../console/src/approvals/votes.ts';
import { isWebAddress, pressKey, readPress } from '../../../console/src/card/press.ts';
import { cardFor, withoutDecisions } from '../../../console/src/card/without-decisions.ts';

const decide = { kind: 'decide', verdict: 'reject', approvalId: 'chg-1', digest: 'a'.repeat(64) } as const;

const view: ApprovalView = {
  kind: 'approval',
  title: 'Waiting for approval',
  approvalId: 'chg-1',
  state: 'pending',
  action: 'Reboot EC2 instance i-0abc (web-1)',
  target: 'web-1',
  changes: [],
  risk: 'high',
  riskReasons: [],
  impact: { downtime: 'about 2 minutes', affected: [], recovery: 'starts by itself' },
  requester: 'Alice',
  expiresAt: '2026-11-21T12:15:00.000Z',
  digestPrefix: 'a'.repeat(12),
  quorum: 2,
  votes: [],
  mayApprove: 'ops-lead',
  warnings: [],
  outcome: [],
  actions: [
    { ...decide, label: 'Approve', verdict: 'approve', reason: 'none' },
    { ...decide, label: 'Reject', reason: 'required' },
    { ...decide, label: 'Cancel my request', verdict: 'cancel', reason: 'none' },
    { kind: 'say', label: 'Status', text: 'status of i-0abc' },
  ],
};

describe('a press on a card', () => {
  it('carries the decision and the trimmed reason [G7]', () => {
    const press = readPress({ ...decide, reason: '  nightly job  ' });

    const { kind, ...decision } = decide;
    expect(press).to.deep.equal({ kind, decision: { ...decision, reason: 'nightly job' } });
  });

  it('carries no reason when only spaces were typed [G7]', () => {
    const press = readPress({ ...decide, reason: '   ' });

    expect(press).to.have.property('decision').that.does.not.have.property('reason');
  });

  it('is nothing when the data is none of ours', () => {
    const strangers = [
      undefined,
      null,
      'approve',
      [],
      { kind: 'decide', verdict: 'execute', approvalId: 'a', digest: 'b' },
    ];

    for (const data of strangers) expect(readPress(data)).to.equal(undefined);
    fc.assert(fc.property(fc.anything(), (data) => void readPress(data)));
  });

  it('keeps one id for one decision, whatever reason was typed', () => {
    const [first, second] = [readPress({ ...decide, reason: 'a' }), readPress({ ...decide, reason: 'b' })];

    expect(first && pressKey(first)).to.equal(second && pressKey(second));
  });

  it('opens web pages only', () => {
    expect(isWebAddress('https://example.com')).to.equal(true);
    for (const url of ['javascript:alert(1)', 'data:text/html,x', undefined, ''])
      expect(isWebAddress(url)).to.equal(false);
  });
});

describe('a change on the approvals page', () => {
  it('shows the same card without the buttons that decide [C3]', async () => {
    const card = { ...(await renderAdaptive(view)) };

    const shown = JSON.stringify(withoutDecisions(card, ['approve', 'reject', 'cancel']));

    expect(JSON.stringify(card)).to.contain('Action.Execute').and.to.contain('"reason"');
    expect(shown).to.not.contain('Action.Execute').and.to.not.contain('"id":"reason"');
    expect(shown).to.contain('status of i-0abc').and.to.contain('about 2 minutes');
  });

  it('offers its cancelling to the requester only, and everything else to everybody [C3]', async () => {
    const card = { ...(await renderAdaptive(view)) };

    const [hers, his] = ['Alice', 'Bob'].map((reader) => JSON.stringify(cardFor(reader, view, card)));

    expect(hers).to.equal(JSON.stringify(card)).and.to.contain('"cancel"');
    expect(his).to.not.contain('"cancel"').and.to.not.contain('Cancel my request');
    expect(his).to.contain('"approve"').and.to.contain('"reject"').and.to.contain('status of i-0abc');
  });

  it('counts distinct people who approved [G3]', () => {
    const approve = { verdict: 'approve', at: view.expiresAt } as const;
    const votes = [
      { ...approve, person: 'Bob' },
      { ...approve, person: 'Bob' },
      { ...approve, person: 'Carol', verdict: 'reject' as const },
    ];

    expect(votesOf({ votes, quorum: 2 })).to.equal('1 of 2');
  });
});
