import type { Verdict, View } from '../../../cards/view.ts';
import type { CardJson } from '../api.ts';

const isCard = (value: unknown): value is CardJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decides(action: unknown, verdicts: readonly Verdict[]): boolean {
  if (!isCard(action)) return false;
  // A button that asks for a reason first opens a card, which holds the one that decides.
  if (action.type === 'Action.ShowCard' && isCard(action.card) && Array.isArray(action.card.actions))
    return action.card.actions.some((inner) => decides(inner, verdicts));
  const { data } = action;
  return isCard(data) && data.kind === 'decide' && verdicts.some((verdict) => verdict === data.verdict);
}

/** The same card without the buttons for these verdicts. */
export function withoutDecisions(card: CardJson, verdicts: readonly Verdict[]): CardJson {
  const keep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((one) => !decides(one, verdicts)).map(keep);
    return isCard(value) ? withoutDecisions(value, verdicts) : value;
  };
  return Object.fromEntries(Object.entries(card).map(([name, value]) => [name, keep(value)]));
}

/** Only its requester can cancel a request: nobody else is offered it. */
export function cardFor(reader: string, view: View | undefined, card: CardJson): CardJson {
  return view?.kind === 'approval' && view.requester !== reader ? withoutDecisions(card, ['cancel']) : card;
}
