import { usd } from '../bot/llm/prices.ts';

/** What was taken of the model for one sentence or one scenario. */
export interface Taken {
  costUsd: number;
  /** All four kinds together. */
  tokens: number;
}

/** 'cost $0.1234, $0.0021 and 3,456 tokens a sentence; p50 1.2 s, p95 4.5 s'. `seconds` has one entry for each turn. */
export function figures(each: string, taken: readonly Taken[], seconds: readonly number[]): string {
  const cost = taken.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const tokens = taken.reduce((sum, one) => sum + one.tokens, 0);
  const count = Math.max(1, taken.length);
  const mean = `${usd(cost / count)} and ${Math.round(tokens / count).toLocaleString('en-US')} tokens a ${each}`;
  const time = `p50 ${percentile(seconds, 50).toFixed(1)} s, p95 ${percentile(seconds, 95).toFixed(1)} s`;
  return `cost ${usd(cost)}, ${mean}; ${time}`;
}

/** Nearest rank; 0 of nothing. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? 0;
}
