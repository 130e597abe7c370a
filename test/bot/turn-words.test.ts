import { expect } from 'chai';
import type { Turn } from '../../bot/turn.ts';
import { saidIn } from '../../bot/turn-words.ts';

const TOKEN = `approve-${'t'.repeat(43)}`;

describe('what a turn asked for, in words', () => {
  const words = (said: Partial<Turn>) =>
    saidIn({
      ...{ id: 't-1', at: 0, origin: 'api', text: '' },
      speaker: { channel: 'api', userId: 'alice@example.com', auth: 'bearer' },
      conversation: { channel: 'api', id: 'alice@example.com' },
      ...said,
    });

  it('names verdict and change of a press, and of a token only that it was one [A4, A5]', () => {
    expect(words({ decision: { verdict: 'approve', approvalId: 'chg-0123456789ab', digest: 'd' } })).to.equal(
      'approve chg-0123456789ab (button)',
    );
    expect(words({ decision: { verdict: 'reject', token: TOKEN, reason: 'no' } })).to.equal('reject by token');
  });

  it('names tool and input of a typed call, and leaves secrets out as of a text [A4, A5, Q1]', () => {
    const call = words({ call: { tool: 'reboot_ec2', input: { instance_id: 'i-1', reason: `see ${TOKEN}` } } });
    const text = words({ text: `approve token:${TOKEN}` });

    expect(call).to.match(/^reboot_ec2 .*i-1/);
    for (const one of [call, text]) expect(one).to.not.include(TOKEN).and.not.equal('');
  });
});
