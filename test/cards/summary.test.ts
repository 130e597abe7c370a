import { expect } from 'chai';
import { summaryLine } from '../../cards/summary.ts';
import type { ApprovalState, TableView } from '../../cards/view.ts';
import { namedSamples } from './golden.ts';
import { hostileTexts, poisoned } from './hostile.ts';
import { approvalSample, approvalStates } from './samples.ts';

describe('summaryLine', () => {
  it('says each card in one short line', () => {
    for (const { name, view } of namedSamples()) {
      const line = summaryLine(view);

      expect(line, name).to.match(/^[^\p{Cc}]{3,240}$/u);
    }
  });

  it('counts the rows of a table whose title does not [C4]', () => {
    const table = { kind: 'table', columns: ['Id'], rows: [['i-1'], ['i-2']], empty: 'None.' };
    const of = (title: string) => summaryLine({ ...table, title } as TableView);

    expect(of('Incidents')).to.equal('Incidents: 2 rows');
    expect(of('Instances in eu-west-1')).to.equal('Instances in eu-west-1: 2 rows');
    expect(of('Waiting for approval (2)')).to.equal('Waiting for approval (2)');
    expect(of('Alarms: 2 firing of 8')).to.equal('Alarms: 2 firing of 8');
  });

  it('stays one clean line whatever the data', () => {
    for (const poison of Object.values(hostileTexts)) {
      for (const { view } of namedSamples()) {
        const line = summaryLine(poisoned(view, poison.repeat(100)));

        expect(line).not.to.match(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(line.length).to.be.at.most(240);
      }
    }
  });

  it('leads with where a change stands, differently in every state [G11]', () => {
    const states = Object.keys(approvalStates) as ApprovalState[];

    const lines = states.map((state) => summaryLine(approvalStates[state]));

    expect(new Set(lines).size).to.equal(states.length);
    expect(summaryLine(approvalStates.succeeded)).to.match(
      /^Approved by bob@example\.com and dave@example\.com\. Done and verified\./,
    );
    expect(summaryLine(approvalStates.expired)).to.match(/^Expired with 1 of 2 approvals\. Nothing was changed\./);
  });

  it('does not say executed when it was a dry run', () => {
    const { source } = approvalSample();
    const dry = { ...approvalStates.succeeded, source: source && { ...source, mode: 'DRY_RUN' as const } };

    const line = summaryLine(dry);

    expect(line).to.include('Dry run finished: nothing was changed.');
    expect(line).not.to.include('Executed');
  });
});
