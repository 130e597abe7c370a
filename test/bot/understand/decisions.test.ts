import { expect } from 'chai';
import { brief, speak, TOKEN, WEB } from './speak.ts';

describe('decisions in text', () => {
  it('reads approve, reject and cancel in their exact forms [L4]', () => {
    expect(speak(`approve token:${TOKEN}`)).to.deep.equal({ kind: 'decide', verdict: 'approve', by: { token: TOKEN } });
    expect(speak('/ops Approve chg-0123456789ab')).to.deep.equal({
      kind: 'decide',
      verdict: 'approve',
      by: { approvalId: 'chg-0123456789ab' },
    });
    expect(speak(`reject token:${TOKEN} because it is Friday`)).to.deep.equal({
      kind: 'decide',
      verdict: 'reject',
      by: { token: TOKEN },
      reason: 'it is Friday',
    });
    expect(speak('reject chg-0123456789ab reason="wrong one"')).to.deep.include({ reason: 'wrong one' });
    expect(brief(speak('cancel chg-0123456789ab'))).to.equal('decide cancel');
  });

  it('takes a reason with an approval and a cancellation too [L4]', () => {
    const by = { approvalId: 'chg-0123456789ab' };

    expect(speak(`approve chg-0123456789ab because ${WEB} hangs`)).to.deep.equal({
      kind: 'decide',
      verdict: 'approve',
      by,
      reason: `${WEB} hangs`,
    });
    expect(speak('cancel chg-0123456789ab reason="a typo"')).to.deep.equal({
      kind: 'decide',
      verdict: 'cancel',
      by,
      reason: 'a typo',
    });
  });

  const never = [
    `please approve token:${TOKEN}`,
    `I think you should approve token:${TOKEN}`,
    `approve token:${TOKEN} and reboot ${WEB}`,
    `approve token:${TOKEN} token:${TOKEN}`,
    `don't approve chg-0123456789ab`,
    `"approve chg-0123456789ab"`,
    'approve chg-0123456789a',
    'approve chg-0123456789ABC',
    'approve chg-0123456789ab it looks right',
    'approve chg-0123456789ab because it looks right, but not yet',
    'approve chg-0123456789ab because Ana said so?',
    'approve chg-0123456789ab because',
    'cancel chg-0123456789ab because it is wrong, no wait',
    `cancel token:${TOKEN} because it is wrong`,
    'approve the reboot',
    'approve',
    'yes',
    'reject chg-0123456789ab maybe',
  ];
  for (const text of never) {
    it(`takes “${text.slice(0, 60)}” for no decision [L4]`, () => {
      expect(speak(text).kind).to.be.oneOf(['menu', 'ask']);
    });
  }

  it('takes show, pause and resume only as whole messages [L4]', () => {
    expect(speak('show chg-0123456789ab')).to.deep.equal({ kind: 'show', approvalId: 'chg-0123456789ab' });
    expect(speak('pause changes because of the freeze')).to.deep.equal({ kind: 'pause', reason: 'of the freeze' });
    expect(brief(speak('resume changes'))).to.equal('resume');
    expect(brief(speak('do not pause changes'))).to.not.equal('pause');
  });
});
