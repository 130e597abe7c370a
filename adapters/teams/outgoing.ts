import { summaryLine } from '../../cards/summary.ts';
import type { View } from '../../cards/view.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { TeamsCard } from './card.ts';
import type { Account, Place } from './directory.ts';

/** Teams shows its own label beside such a message. */
const aiLabel: JsonObject = {
  type: 'https://schema.org/Message',
  '@type': 'Message',
  '@context': 'https://schema.org',
  additionalType: ['AIGeneratedContent'],
};

/** A message that is one card and nothing else: beside a text Teams makes two messages of it, and gives no id to edit it by. */
export function cardMessage(place: Place, view: View, card: TeamsCard, entities: JsonObject[] = []): JsonObject {
  const labels = view.aiWritten ? [aiLabel, ...entities] : entities;
  return {
    ...base(place, 'message'),
    summary: summaryLine(view),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { ...card } }],
    ...(labels.length > 0 ? { entities: labels } : {}),
  };
}

/** For people in a conversation where one of them cannot be reached alone. */
export function mentionMessage(place: Place, { mri, name }: Account, text: string): JsonObject {
  // Teams draws the name from here, so it must hold no markup.
  const shown = name.replace(/[<>&]/g, '').trim() || 'you';
  const tag = `<at>${shown}</at>`;
  return {
    ...base(place, 'message'),
    text: `${tag}: ${text}`,
    entities: [{ type: 'mention', text: tag, mentioned: { id: mri, name: shown } }],
  };
}

export function typing(place: Place): JsonObject {
  return base(place, 'typing');
}

/** A line of a stream that has no content yet. @see https://learn.microsoft.com/microsoftteams/platform/bots/streaming-ux */
export function informative(place: Place, text: string, streamSequence: number, streamId?: string): JsonObject {
  const info = { type: 'streaminfo', streamType: 'informative', streamSequence, ...(streamId ? { streamId } : {}) };
  return { ...base(place, 'typing'), text, entities: [info] };
}

/** Marks the message that takes the place of a stream. */
export const final = (streamId: string): JsonObject => ({ type: 'streaminfo', streamType: 'final', streamId });

function base({ bot, conversation, type: conversationType, tenant }: Place, type: string): JsonObject {
  return {
    type,
    channelId: 'msteams',
    from: { id: bot },
    conversation: { id: conversation, conversationType, tenantId: tenant },
  };
}
