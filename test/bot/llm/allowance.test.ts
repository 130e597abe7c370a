import { expect } from 'chai';
import fc from 'fast-check';
import { defaultSettings, Settings } from '../../../approvals/settings.ts';
import { type Limits, openAllowance } from '../../../bot/llm/allowance.ts';

const PRICES = { input: 4, output: 20 };
const MILLION = 1_000_000;
const none = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
const freshDay = { tokens: none, costUsd: 0 };

const wide: Limits = {
  ...{ steps: 1000, tokens_per_turn: 1e12, usd_per_turn: 1e9, tokens_per_person_day: 1e12, usd_per_person_day: 1e9 },
};

describe('the allowance of a turn', () => {
  it('lets a turn take as many steps as it may, and no more [L6]', () => {
    const allowance = openAllowance({ ...wide, steps: 3 }, PRICES, freshDay);
    const asked = [0, 1, 2, 3].map(() => {
      const reason = allowance.beforeCall()?.reason;
      allowance.count({ ...none, input: 10 });
      return reason;
    });

    expect(asked).to.deep.equal([undefined, undefined, undefined, 'steps']);
  });

  const caps: { reason: string; limits: Partial<Limits>; before?: typeof freshDay; says: RegExp; next: RegExp }[] = [
    { reason: 'turn_tokens', limits: { tokens_per_turn: 1200 }, says: /1,235 tokens.*1,200/, next: /less at once/ },
    { reason: 'turn_cost', limits: { usd_per_turn: 0.01 }, says: /\$0\.0121.*\$0\.01\./, next: /less at once/ },
    {
      reason: 'day_tokens',
      limits: { tokens_per_person_day: 9_000 },
      before: { tokens: { ...none, cacheRead: 80_000 }, costUsd: 0 },
      says: /9,235 tokens.*9,000/,
      next: /00:00 UTC.*help/,
    },
    {
      reason: 'day_cost',
      limits: { usd_per_person_day: 10 },
      before: { tokens: none, costUsd: 9.99 },
      says: /\$10\.0021.*\$10\./,
      next: /00:00 UTC.*help/,
    },
  ];
  for (const { reason, limits, before = freshDay, says, next } of caps) {
    it(`stops before the next call once ${reason} is reached, and says what to do [L6]`, () => {
      const allowance = openAllowance({ ...wide, ...limits }, PRICES, before);
      const first = allowance.beforeCall();
      allowance.count({ input: 500, cacheRead: 1000, cacheWrite: 200, output: 435 });

      const second = allowance.beforeCall();

      expect(first).to.equal(undefined);
      expect(second?.reason).to.equal(reason);
      expect(second?.because).to.match(says);
      expect(second?.next).to.match(next);
    });
  }

  it('does not begin when the day is used up, whatever the turn may take [L6]', () => {
    const spent = { tokens: { ...none, output: MILLION }, costUsd: 20 };

    expect(openAllowance({ ...wide, usd_per_person_day: 20 }, PRICES, spent).beforeCall()?.reason).to.equal('day_cost');
    expect(openAllowance({ ...wide, tokens_per_person_day: MILLION }, PRICES, spent).beforeCall()?.reason).to.equal(
      'day_tokens',
    );
  });

  it('stops when the vendor counts in something that is no number [L6]', () => {
    const allowance = openAllowance({ ...wide, usd_per_turn: 1 }, PRICES, freshDay);
    allowance.count({ ...none, input: Number.NaN });

    expect(allowance.beforeCall()).to.not.equal(undefined);
  });

  it('reports what this turn spent, without the day before it [L6]', () => {
    const allowance = openAllowance(wide, PRICES, { tokens: { ...none, input: 7 }, costUsd: 3 });
    allowance.count({ input: 1000, cacheRead: 10_000, cacheWrite: 0, output: 100 });
    allowance.count({ input: 0, cacheRead: 0, cacheWrite: 2000, output: 400 });

    const spent = allowance.spent();

    expect(spent).to.deep.include({
      calls: 2,
      tokens: { input: 1000, cacheRead: 10_000, cacheWrite: 2000, output: 500 },
    });
    expect(spent.costUsd).to.be.closeTo(0.028, 1e-12);
  });

  it('goes over a cap by one call at most, whatever the calls take [L6]', () => {
    const call = fc.record({
      input: fc.nat(50_000),
      cacheRead: fc.nat(50_000),
      cacheWrite: fc.nat(50_000),
      output: fc.nat(9_000),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 60, maxLength: 60 }), fc.nat(9), (calls, costUsd) => {
        const { model } = defaultSettings;
        const before = { tokens: none, costUsd };
        const allowance = openAllowance({ ...model, steps: model.steps_per_turn }, PRICES, before);
        let last = allowance.spent();
        for (const tokens of calls) {
          if (allowance.beforeCall()) break;
          last = allowance.spent();
          allowance.count(tokens);
        }

        expect(allowance.beforeCall()).to.not.equal(undefined);
        expect(allowance.spent().calls).to.be.at.most(model.steps_per_turn);
        expect(last.costUsd).to.be.below(model.usd_per_turn);
        const { input, cacheRead, cacheWrite, output } = last.tokens;
        expect(input + Math.ceil(cacheRead / 10) + cacheWrite + output).to.be.below(model.tokens_per_turn);
        expect(last.costUsd + costUsd).to.be.below(model.usd_per_person_day);
      }),
    );
  });
});

describe('the caps in the policy file', () => {
  it('have defaults, and bounds that nobody can leave by a slip of the pen [L6]', () => {
    expect(defaultSettings.model).to.deep.equal({
      steps_per_turn: 8,
      steps_per_investigation: 16,
      calls_per_turn: 24,
      tokens_per_turn: 150_000,
      usd_per_turn: 1,
      tokens_per_person_day: 2_000_000,
      usd_per_person_day: 10,
    });
    for (const model of [
      { steps_per_turn: 0 },
      { steps_per_turn: 21 },
      { steps_per_turn: 2.5 },
      { steps_per_investigation: 41 },
      { calls_per_turn: 101 },
      { tokens_per_turn: 999 },
      { tokens_per_turn: 2_000_001 },
      { usd_per_turn: 0 },
      { usd_per_turn: 101 },
      { usd_per_turn: Number.POSITIVE_INFINITY },
      { tokens_per_person_day: 100_000_001 },
      { usd_per_person_day: 1001 },
      { usd_per_person_day: '10' },
      { usd_per_day: 10 },
    ])
      expect(Settings.safeParse({ model }).success, JSON.stringify(model)).to.equal(false);
  });
});
