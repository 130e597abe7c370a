import { expect } from 'chai';
import { costUsd, pricesOf } from '../../../bot/llm/prices.ts';
import { OpsError } from '../../../lib/errors.ts';

const MILLION = 1_000_000;
const none = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

describe('prices', () => {
  it('knows the list prices by the model’s name, and Bedrock’s ids by their ending [L6]', () => {
    const sonnet = { input: 2, output: 10 };

    expect(pricesOf('claude-opus-5-5', undefined)).to.deep.equal({ input: 4, output: 20 });
    expect(pricesOf('claude-haiku-5-5', undefined)).to.deep.equal({ input: 0.1, output: 0.5 });
    for (const id of [
      'claude-sonnet-5-5',
      'global.anthropic.claude-sonnet-5-5',
      'eu.anthropic.claude-sonnet-5-5',
      'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-5-5',
    ])
      expect(pricesOf(id, undefined), id).to.deep.equal(sonnet);
  });

  it('has no price for a model that it does not know, whatever its name resembles [L6]', () => {
    for (const id of [
      '',
      'claude-sonnet-5',
      'claude-sonnet-5-5-fast',
      'my-claude-sonnet-5-5',
      'constructor',
      'a.__proto__',
    ])
      expect(pricesOf(id, undefined), id).to.equal(undefined);
  });

  it('takes LLM_PRICE before the list [L6]', () => {
    expect(pricesOf('claude-opus-5-5', '3/15')).to.deep.equal({ input: 3, output: 15 });
    expect(pricesOf('something-new', '0.25/1.5')).to.deep.equal({ input: 0.25, output: 1.5 });
  });

  it('refuses an LLM_PRICE that is no pair of prices above nothing [L6]', () => {
    for (const given of [
      '',
      '4',
      '4/',
      '/20',
      '4/20/1',
      '0/20',
      '4/0',
      '-4/20',
      '4,5/20',
      '1e3/2',
      'Infinity/1',
      '4 / 20',
    ])
      expect(() => pricesOf('claude-opus-5-5', given), given)
        .to.throw(OpsError)
        .that.includes({ code: 'config_invalid' })
        .with.property('hint')
        .that.includes('4/20');
  });

  it('counts a cache read as a tenth and a cache write as five quarters of the input [L6]', () => {
    const prices = { input: 4, output: 20 };

    expect(costUsd({ ...none, input: MILLION }, prices)).to.equal(4);
    expect(costUsd({ ...none, cacheRead: MILLION }, prices)).to.equal(0.4);
    expect(costUsd({ ...none, cacheWrite: MILLION }, prices)).to.equal(5);
    expect(costUsd({ ...none, output: MILLION }, prices)).to.equal(20);
    expect(costUsd({ input: 1000, cacheRead: 10_000, cacheWrite: 2000, output: 500 }, prices)).to.be.closeTo(
      0.028,
      1e-12,
    );
  });
});
