import { expect } from 'chai';
import { modelFailure, type Why } from '../../../bot/llm/model-errors.ts';
import { withRetries } from '../../../bot/llm/retry.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { failureOf, quickClock } from './model-house.ts';

const log = silentLog;
const { signal } = new AbortController();

function failing(why: Why, facts?: Record<string, number>): () => Promise<never> {
  return async () => {
    throw modelFailure(why, { facts });
  };
}

describe('the pause between two tries', () => {
  it('doubles from half a second, plus up to half of itself [L5]', async () => {
    const { clock, pauses } = quickClock();

    await failureOf(withRetries(failing('overloaded'), { clock, log, signal }));

    expect(pauses).to.have.length(2);
    expect(pauses[0]).to.be.within(500, 750);
    expect(pauses[1]).to.be.within(1000, 1500);
  });

  it('is what the vendor asks for, when it asks [L5]', async () => {
    const { clock, pauses } = quickClock();

    await failureOf(withRetries(failing('rate_limited', { retryAfterS: 2.5 }), { clock, log, signal }));

    expect(pauses).to.deep.equal([2500, 2500]);
  });

  it('is not begun when the vendor asks for more than 10 s [L5]', async () => {
    const { clock, pauses } = quickClock();

    const error = await failureOf(withRetries(failing('overloaded', { retryAfterS: 11 }), { clock, log, signal }));

    expect(pauses).to.deep.equal([]);
    expect(error.facts).to.include({ why: 'overloaded', retryAfterS: 11 });
  });

  it('ends with the signal, and the failure before it is what is told [L5]', async () => {
    const clock: Clock = systemClock;
    let tries = 0;
    const ask = () => {
      tries += 1;
      return failing('rate_limited', { retryAfterS: 9 })();
    };
    const started = Date.now();

    const error = await failureOf(withRetries(ask, { clock, log, signal: AbortSignal.timeout(50) }));

    expect(error.facts.why).to.equal('rate_limited');
    expect(tries).to.equal(1);
    expect(Date.now() - started).to.be.below(2_000);
  });

  it('does not hide a fault of our own behind more tries [L5]', async () => {
    const { clock, pauses } = quickClock();
    const fault = new TypeError('x is not a function');

    const outcome = await withRetries(() => Promise.reject(fault), { clock, log, signal }).catch((thrown) => thrown);

    expect(outcome).to.equal(fault);
    expect(pauses).to.deep.equal([]);
  });

  it('comes after a try that hangs without listening to its signal [L5]', async () => {
    const { clock } = quickClock(20);
    let tries = 0;
    const hang = () => {
      tries += 1;
      return new Promise<never>(() => {});
    };

    const error = await failureOf(withRetries(hang, { clock, log, signal }));

    expect(error.facts.why).to.equal('timeout');
    expect(tries).to.equal(2);
  });
});
