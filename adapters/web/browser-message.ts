import type { AdaptiveCard } from '../../cards/adaptive/render.ts';
import { summaryLine } from '../../cards/summary.ts';
import type { View } from '../../cards/view.ts';
import type { Stored } from '../../store/store.ts';
import type { WebMessage } from './messages.ts';
import { pageCard } from './page-card.ts';

/** A message as the console reads it; the card is made when it is sent, never stored. */
export interface BrowserMessage {
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  from: 'person' | 'opsagent';
  person?: { id: string; name: string };
  text?: string;
  view?: View;
  card?: AdaptiveCard;
  summary: string;
  revision: number;
}

/** `live` is the view as it was posted, with what is shown once and not kept. */
export async function browserMessage({ id, value }: Stored<WebMessage>, live?: View): Promise<BrowserMessage> {
  const { at, from, person, text, revision } = value;
  const view = live ?? value.view;
  if (!view) return { id, at, from, person, text, summary: text ?? '', revision };
  return { id, at, from, view, card: await pageCard(view), summary: summaryLine(view), revision };
}
