import { expect } from 'chai';
import { brief, speak } from './speak.ts';

const READ = 'read-0123456789ab';
const CHANGE = 'chg-0123456789ab';

describe('ids in a message', () => {
  it('show the read or the change they name, with the verb or alone [L4, L7]', () => {
    for (const text of [`show ${READ}`, `  SHOW   ${READ} `, READ, `@opsagent show ${READ}`])
      expect(speak(text), text).to.deep.equal({ kind: 'show_read', readId: READ });
    for (const text of [`show ${CHANGE}`, CHANGE])
      expect(speak(text), text).to.deep.equal({ kind: 'show', approvalId: CHANGE });
    expect(speak(`details ${CHANGE}`)).to.deep.equal({ kind: 'details', approvalId: CHANGE });
  });

  it('show nothing when they are not exact or not all that is said [L4, L7]', () => {
    const texts = [
      `show ${READ}0`,
      `show ${READ.toUpperCase()}`,
      `show read-0123456789xy`,
      `show ${READ} now`,
      `${READ} ${READ}`,
      `details ${READ}`,
      `approve ${READ}`,
      `do not show ${READ}`,
    ];

    for (const text of texts) expect(brief(speak(text)), text).to.not.equal('show_read');
  });

  it('show a change by the token of its proposal, only in exactly that form [G5, L4]', () => {
    const token = `approve-${'a1_-'.repeat(10)}xyz`;

    expect(speak(`show token:${token}`)).to.deep.equal({ kind: 'show_by_token', token });
    for (const text of [
      `token:${token}`,
      `show ${token}`,
      `details token:${token}`,
      `show token:${token} now`,
      'show token:x',
    ])
      expect(brief(speak(text)), text).to.not.equal('show_by_token');
  });

  it('leave pausing and resuming as they are [L4]', () => {
    expect(speak('pause changes because we release')).to.deep.equal({ kind: 'pause', reason: 'we release' });
    expect(speak('Pause Changes')).to.deep.equal({ kind: 'pause' });
    expect(speak('resume changes')).to.deep.equal({ kind: 'resume' });
    expect(brief(speak('resume changes now'))).to.not.equal('resume');
    expect(brief(speak('pause changes for ever'))).to.not.equal('pause');
  });
});
