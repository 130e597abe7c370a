import { expect } from 'chai';
import fc from 'fast-check';
import { cautions, type Grounds, says } from '../../../bot/llm/provenance.ts';

describe('where the values of a call come from', () => {
  const ID = 'i-0bad5eed2c0ffee02';
  const grounds = (more: Partial<Grounds> = {}): Grounds => ({ saidNow: '', saidBefore: [], read: [], ...more });

  it('warns of nothing that the person wrote this time [L3]', () => {
    const said = grounds({ saidNow: `scale main/checkout to four and reboot ${ID.toUpperCase()}.` });

    const found = [
      cautions({ instance_id: ID }, said),
      cautions({ cluster: 'main', service: 'checkout', desired_count: 4 }, said),
      cautions({ reason: 'nobody wrote this' }, said),
    ];

    expect(found).to.deep.equal([[], [], []]);
  });

  it('names the weakest ground truly: earlier words, data, or nothing at all [L3]', () => {
    const found = cautions(
      { instance_id: ID, cluster: 'main', service: 'cart', desired_count: 9 },
      grounds({
        saidNow: 'do it',
        saidBefore: [`look at ${ID}`],
        read: [{ source: 'ECS services', text: '{"cluster":"main","service":"cart"}' }],
      }),
    );

    expect(found).to.deep.equal([
      `instance_id ${ID} was named earlier in this conversation, not in the last message.`,
      'cluster main comes from data (ECS services), not from anything a person wrote. Check that it is the one that is meant.',
      'service cart comes from data (ECS services), not from anything a person wrote. Check that it is the one that is meant.',
      'desired_count 9 was chosen by the model: nobody wrote it, and nothing that was read shows it.',
    ]);
  });

  it('takes a part of a word for no mention of it [L3]', () => {
    for (const [text, value] of [
      ['reboot i-0bad5eed2c0ffee021', ID],
      ['scale main-db to 40', 'main'],
      ['scale main-db to 40', '4'],
      ['web-10 is slow', 'web-1'],
    ] as const)
      expect(says(text, value), `${value} in ${text}`).to.equal(false);
  });

  it('finds a value between any marks and spaces, and none in a text without it [L3]', () => {
    const mark = fc.constantFrom(' ', '(', '"', '/', ':', ',', '.', '`', '\n', '');
    fc.assert(
      fc.property(mark, mark, fc.stringMatching(/^[g-z ]{0,20}$/), (before, after, other) => {
        expect(says(`${before}${ID}${after}`, ID)).to.equal(true);
        expect(says(other, ID)).to.equal(false);
      }),
    );
  });
});
