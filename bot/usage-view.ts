import type { Settings } from '../approvals/settings.ts';
import type { TableView } from '../cards/view.ts';
import { usd } from './llm/prices.ts';
import type { DayUsage } from './llm/usage.ts';

interface Shown {
  /** The rows are of these last days, today included (UTC). */
  days: number;
  /** Whose rows were to be shown. */
  whose: 'own' | 'all';
  caps: Settings['model'];
}

/** Who used the model on which day, and what it cost (L6). `rows` are those the reader may see, in the order to show them. */
export function usageView(rows: readonly DayUsage[], { days, whose, caps }: Shown): TableView {
  const when = days === 1 ? 'today (UTC)' : `in the last ${days} days`;
  return {
    kind: 'table',
    title: `${whose === 'own' ? 'Your model usage' : 'Model usage'} ${when}`,
    columns: ['Day', 'Person', 'Turns', 'Calls', 'Tokens in', 'Tokens out', 'Cost'],
    rows: rows.map(({ day, person, turns, calls, tokens, costMicroUsd }) => [
      day,
      person,
      count(turns),
      count(calls),
      count(tokens.input + tokens.cacheRead + tokens.cacheWrite),
      count(tokens.output),
      usd(costMicroUsd / 1_000_000),
    ]),
    empty: `${whose === 'own' ? 'You have not' : 'Nobody has'} used the language model ${when}.`,
    note: `${sumOf(rows)}${capsInWords(caps)}`,
  };
}

export function totalUsd(rows: readonly DayUsage[]): number {
  return rows.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0) / 1_000_000;
}

function sumOf(rows: readonly DayUsage[]): string {
  if (rows.length === 0) return '';
  return `Together ${usd(totalUsd(rows))}, by list prices or LLM_PRICE. `;
}

function capsInWords(caps: Settings['model']): string {
  const turn = `${caps.steps_per_turn} steps (${caps.steps_per_investigation} in an investigation)`;
  return (
    `Caps: a turn ${turn}, ${count(caps.tokens_per_turn)} tokens and $${caps.usd_per_turn}; ` +
    `a person and day (UTC) ${count(caps.tokens_per_person_day)} tokens and $${caps.usd_per_person_day}.`
  );
}

function count(amount: number): string {
  return amount.toLocaleString('en-US');
}
