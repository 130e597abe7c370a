import type { Settings } from '../../approvals/settings.ts';
import type { Tokens } from './model.ts';
import { costUsd, type Prices, usd } from './prices.ts';
import { addTokens, noTokens, type Spent } from './usage.ts';

/** The caps of one turn, and of its person's day. */
export interface Limits
  extends Pick<Settings['model'], 'tokens_per_turn' | 'usd_per_turn' | 'tokens_per_person_day' | 'usd_per_person_day'> {
  /** Calls of the model: those of a turn, or of an investigation. */
  steps: number;
}

/** A cap is reached: which, in words for the person, and what they can do. */
export interface Exhausted {
  reason: 'steps' | 'turn_tokens' | 'turn_cost' | 'day_tokens' | 'day_cost';
  because: string;
  next: string;
}

/** What one turn may still ask of the model. */
export interface Allowance {
  /** To be asked before each call. A call under way is never cut off, so a turn may end over a cap by one call. */
  beforeCall(): Exhausted | undefined;
  /** After one more call a cap of the turn is likely reached. */
  isNearlyOver(): boolean;
  /** Counts a call that was answered. */
  count(tokens: Tokens): void;
  /** By this turn alone. */
  spent(): Spent;
}

/** Opens the allowance of one turn. `spentToday` is the person's, without this turn; other turns that run meanwhile are not seen. */
export function openAllowance(
  limits: Limits,
  prices: Prices,
  spentToday: Pick<Spent, 'tokens' | 'costUsd'>,
): Allowance {
  let calls = 0;
  let tokens = noTokens;
  const spent = (): Spent => ({ calls, tokens, costUsd: costUsd(tokens, prices) });
  return {
    spent,
    isNearlyOver: () =>
      calls >= limits.steps - 1 ||
      total(tokens) >= NEARLY * limits.tokens_per_turn ||
      costUsd(tokens, prices) >= NEARLY * limits.usd_per_turn,
    beforeCall: () => overDay(limits, spentToday, spent()) ?? overTurn(limits, spent()),
    count(more) {
      calls += 1;
      tokens = addTokens(tokens, more);
    },
  };
}

/** Of a cap. One step of a long investigation takes about a tenth of it. */
const NEARLY = 0.8;

const AFTER_DAY =
  'It goes on at 00:00 UTC. Commands work as always: type help. An admin can raise it in the policy file.';
const AFTER_TURN = 'Ask for less at once, or type a command. An admin can raise it in the policy file.';

function overDay(
  { usd_per_person_day: mostUsd, tokens_per_person_day: mostTokens }: Limits,
  before: Pick<Spent, 'tokens' | 'costUsd'>,
  turn: Spent,
): Exhausted | undefined {
  const cost = before.costUsd + turn.costUsd;
  if (reached(cost, mostUsd)) {
    const because = `Your use of the model has cost ${usd(cost)} today; a person and day may cost $${mostUsd}.`;
    return { reason: 'day_cost', because, next: AFTER_DAY };
  }
  const tokens = total(before.tokens) + total(turn.tokens);
  if (!reached(tokens, mostTokens)) return undefined;
  const because = `You have used ${count(tokens)} tokens of the model today; a person and day may use ${count(mostTokens)}.`;
  return { reason: 'day_tokens', because, next: AFTER_DAY };
}

function overTurn(limits: Limits, { calls, tokens, costUsd: cost }: Spent): Exhausted | undefined {
  const { usd_per_turn: mostUsd, tokens_per_turn: mostTokens, steps } = limits;
  if (reached(cost, mostUsd)) {
    const because = `This answer has cost ${usd(cost)}; one answer may cost $${mostUsd}.`;
    return { reason: 'turn_cost', because, next: AFTER_TURN };
  }
  if (reached(total(tokens), mostTokens)) {
    const because = `This answer has used ${count(total(tokens))} tokens; one answer may use ${count(mostTokens)}.`;
    return { reason: 'turn_tokens', because, next: AFTER_TURN };
  }
  if (!reached(calls, steps)) return undefined;
  return { reason: 'steps', because: `This answer has taken ${calls} steps, as many as it may.`, next: AFTER_TURN };
}

/** What is not a number counts as reached: a vendor that stops counting must not lift the cap. */
function reached(amount: number, most: number): boolean {
  return !(amount < most);
}

/** What is read from the vendor's cache is told again with each step and costs a tenth: it counts as that. */
function total({ input, cacheRead, cacheWrite, output }: Tokens): number {
  return input + Math.ceil(cacheRead / 10) + cacheWrite + output;
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US');
}
