import type { JsonObject } from '../../lib/json.ts';
import type { Level } from '../clip.ts';
import type { View } from '../view.ts';
import { type Clip, createClip } from './clip.ts';
import { frameModel } from './frame-model.ts';
import { kindModel } from './kind-models.ts';
import { type CardHost, type CardWidth, cardBytes, levels, tightest } from './limits.ts';
import { loadTemplates } from './templates.ts';

export interface AdaptiveCard {
  type: 'AdaptiveCard';
  version: '1.5';
  fallbackText: string;
  body: JsonObject[];
  actions: JsonObject[];
}

/**
 * The view as an Adaptive Card 1.5 of at most `cardBytes`. Data never becomes Markdown, a mention, a date macro or an
 * expression. `width` decides whether many columns stay a table. What does not fit is named on the card. The approval token is never in it.
 */
export async function renderAdaptive(
  view: View,
  width: CardWidth = 'chat',
  host: CardHost = 'web',
): Promise<AdaptiveCard> {
  const template = (await loadTemplates())[view.kind];
  const expand = (level: Level): AdaptiveCard =>
    template.expand({ $root: dataFor(view, createClip(level, width, host)) });
  for (const level of levels) {
    const card = expand(level);
    if (fits(card)) return card;
  }
  return expand(tightest);
}

function dataFor(view: View, clip: Clip): object {
  const content = kindModel(view, clip);
  return { ...content, ...frameModel(view, clip) };
}

function fits(card: AdaptiveCard): boolean {
  return Buffer.byteLength(JSON.stringify(card), 'utf8') <= cardBytes;
}
