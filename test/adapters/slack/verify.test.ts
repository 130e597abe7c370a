import { expect } from 'chai';
import fc from 'fast-check';
import { createSeenSignatures } from '../../../adapters/slack/seen-signatures.ts';
import { createVerify } from '../../../adapters/slack/verify.ts';
import { movableClock } from '../../store/movable-clock.ts';
import { signed, signingSecret } from './signed-requests.ts';

const noon = 1_780_000_000;

/** As the receiver gets it. */
function incoming(body: string, at: number) {
  const { headers, body: bytes } = signed(body, { at });
  const single = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { headers: Object.fromEntries(single), body: bytes };
}

describe('the verification of Slack requests', () => {
  for (const [skew, flaw] of [
    [-301, 'stale'],
    [-300, undefined],
    [0, undefined],
    [300, undefined],
    [301, 'stale'],
  ] as const) {
    it(`${flaw ? 'refuses' : 'takes'} a timestamp ${skew} seconds away [C1]`, () => {
      const verify = createVerify(signingSecret, movableClock(noon * 1000 + 999).clock);

      expect(verify(incoming('text=help', noon + skew))).to.equal(flaw);
    });
  }

  it('takes a timestamp within five minutes of its clock, and no other [C1]', () => {
    const verify = createVerify(signingSecret, movableClock(noon * 1000).clock);
    let made = 0;
    const anyTime = fc.oneof(fc.integer({ min: noon - 900, max: noon + 900 }), fc.nat(), fc.maxSafeNat());

    fc.assert(
      fc.property(anyTime, (at) => {
        const taken = verify(incoming(`text=${made++}`, at)) === undefined;

        return taken === Math.abs(at - noon) <= 300;
      }),
      { numRuns: 500 },
    );
  });

  it('remembers a signature for as long as its timestamp is fresh [C1]', () => {
    const time = movableClock(noon * 1000);
    const verify = createVerify(signingSecret, time.clock);
    const ahead = incoming('text=help', noon + 300);
    verify(ahead);

    const answers = [0, 299, 600, 601].map((seconds) => {
      time.setNow((noon + seconds) * 1000);
      return verify(ahead);
    });

    expect(answers).to.deep.equal(['replayed', 'replayed', 'replayed', 'stale']);
  });

  it('remembers no more than it has room for, the newest of them', () => {
    const seen = createSeenSignatures(movableClock(0).clock);
    for (let one = 0; one < 25_000; one++) seen.first(`v0=${one}`, 1_000);

    const again = [0, 4_000, 24_000, 24_999].map((one) => seen.first(`v0=${one}`, 1_000));

    expect(again).to.deep.equal([true, true, false, false]);
  });
});
