import { OpsError } from '../../lib/errors.ts';
import type { Tokens } from './model.ts';

/** USD per million tokens, read anew and written. */
export interface Prices {
  input: number;
  output: number;
}

/** The vendor's list prices of November 2026, before discounts and taxes. Another contract: LLM_PRICE. */
const LIST_PRICES: Readonly<Record<string, Prices>> = {
  'claude-opus-5-5': { input: 4, output: 20 },
  'claude-sonnet-5-5': { input: 2, output: 10 },
  'claude-haiku-5-5': { input: 0.1, output: 0.5 },
};

/** Of the input price. A cache entry of five minutes, the only kind that is asked for. */
const CACHE_READ = 0.1;
const CACHE_WRITE = 1.25;

const MILLION = 1_000_000;

/**
 * What a model costs: `given` (LLM_PRICE, '<input>/<output>'), else its list price. Bedrock's ids match by their ending:
 * 'eu.anthropic.claude-sonnet-5-5'. Undefined for a model nobody named a price of: without one there is no cap on cost.
 *
 * @throws OpsError `config_invalid` when `given` is no pair of prices
 */
export function pricesOf(model: string, given: string | undefined): Prices | undefined {
  if (given !== undefined) return parsePrices(given);
  // A path or a prefix ends before the name; 'my-claude-opus-5-5' is another model.
  const name = model.slice(Math.max(model.lastIndexOf('/'), model.lastIndexOf('.')) + 1);
  return Object.hasOwn(LIST_PRICES, name) ? LIST_PRICES[name] : undefined;
}

export function costUsd({ input, cacheRead, cacheWrite, output }: Tokens, prices: Prices): number {
  const read = input + cacheRead * CACHE_READ + cacheWrite * CACHE_WRITE;
  return (read * prices.input + output * prices.output) / MILLION;
}

/** '$0.0123'. */
export function usd(amount: number): string {
  return `$${amount.toFixed(4)}`;
}

const PAIR = /^(\d{1,5}(?:\.\d{1,6})?)\/(\d{1,5}(?:\.\d{1,6})?)$/;

function parsePrices(given: string): Prices {
  const [, input, output] = PAIR.exec(given) ?? [];
  const prices = { input: Number(input), output: Number(output) };
  // Nothing costs nothing: with a price of 0 the caps on cost would never stop anybody.
  if (prices.input > 0 && prices.output > 0) return prices;
  throw new OpsError('config_invalid', 'LLM_PRICE is no pair of prices.', {
    hint: 'Set LLM_PRICE to <input>/<output> in USD per million tokens, both more than 0, for example 4/20.',
  });
}
