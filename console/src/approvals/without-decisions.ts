import type { CardJson } from '../api.ts';

const isCard = (value: unknown): value is CardJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decides(action: unknown): boolean {
  if (!isCard(action)) return false;
  if (action.type === 'Action.ShowCard') return true;
  return isCard(action.data) && action.data.kind === 'decide';
}

/** The same card without the buttons that decide, and without the input for their reason. */
export function withoutDecisions(card: CardJson): CardJson {
  const keep = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.filter((one) => !decides(one) && !(isCard(one) && one.id === 'reason')).map(keep);
    return isCard(value) ? withoutDecisions(value) : value;
  };
  return Object.fromEntries(Object.entries(card).map(([name, value]) => [name, keep(value)]));
}
