import { type AdaptiveCard, renderAdaptive } from '../../cards/adaptive/render.ts';
import type { View } from '../../cards/view.ts';

/** A card as the console draws it: without the link that leads from elsewhere to the very console. */
export function pageCard(view: View): Promise<AdaptiveCard> {
  const actions = view.actions?.filter((action) => action.kind !== 'link' || !action.url.includes('/#/approvals/'));
  return renderAdaptive({ ...view, actions }, 'page');
}
