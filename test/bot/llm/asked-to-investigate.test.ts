import { expect } from 'chai';
import { isInvestigation } from '../../../bot/llm/asked-to-investigate.ts';

describe('what counts as an investigation', () => {
  for (const text of [
    'why is checkout slow?',
    'investigate web-2',
    'Please investigate why web-2 is slow',
    'What’s wrong with checkout?',
    'whats wrong with checkout',
    'checkout is slow, why?',
    'why did it crash last night',
    'find out what broke the shop',
  ])
    it(`"${text}" does [L7]`, () => {
      expect(isInvestigation(text)).to.equal(true);
    });

  for (const text of [
    'why can you not reboot it',
    'why did you reboot web-2',
    "why can't I approve this",
    'why was chg-0123456789ab rejected?',
    'how is web-2?',
    'reboot web-2',
    'tell me about the reason why not',
    '',
  ])
    it(`"${text}" does not [L7]`, () => {
      expect(isInvestigation(text)).to.equal(false);
    });

  it('takes 100,000 characters of anything in little time [L7]', () => {
    const began = performance.now();

    for (const piece of ['why ', 'a', ' ', 'chg-', '?', "'"]) isInvestigation(piece.repeat(100_000 / piece.length));

    expect(performance.now() - began).to.be.below(200);
  });
});
