import { randomUUID } from 'node:crypto';
import type { ConversationAtTeams } from './connector.ts';
import { BOT, TENANT, type TeamsPerson } from './people.ts';

export type Wire = Record<string, unknown>;

type Place = Pick<ConversationAtTeams, 'id' | 'type'>;

/** A fresh activity as Teams sends it, from a person in a conversation. */
function from(person: TeamsPerson, place: Place, serviceUrl: string, part: Wire): Wire {
  return {
    id: randomUUID(),
    timestamp: '2026-11-21T10:00:00.000Z',
    localTimestamp: '2026-11-21T11:00:00.000+01:00',
    channelId: 'msteams',
    serviceUrl,
    from: { id: person.mri, name: person.name, aadObjectId: person.aad },
    conversation: {
      id: place.id,
      conversationType: place.type,
      tenantId: person.tenantId,
      ...(place.type === 'personal' ? {} : { isGroup: true }),
    },
    recipient: { id: BOT, name: 'OpsAgent' },
    channelData: { tenant: { id: TENANT } },
    locale: 'en-GB',
    ...part,
  };
}

/** In conversations with others the bot hears only what mentions it. */
export function said(person: TeamsPerson, place: Place, serviceUrl: string, text: string, part: Wire = {}): Wire {
  const tag = '<at>OpsAgent</at>';
  const mention = { type: 'mention', text: tag, mentioned: { id: BOT, name: 'OpsAgent' } };
  const client = { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Windows' };
  const mentioned = place.type === 'personal' ? {} : { text: `${tag} ${text}`, entities: [mention, client] };
  return from(person, place, serviceUrl, { type: 'message', textFormat: 'plain', text, ...mentioned, ...part });
}

export function executed(
  person: TeamsPerson,
  place: Place,
  serviceUrl: string,
  message: string,
  value: { action: Wire; trigger?: 'manual' | 'automatic' },
): Wire {
  return from(person, place, serviceUrl, {
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: message,
    value: { trigger: 'manual', ...value },
  });
}

export function submitted(
  person: TeamsPerson,
  place: Place,
  serviceUrl: string,
  message: string,
  value: unknown,
): Wire {
  return from(person, place, serviceUrl, { type: 'message', replyToId: message, value });
}

export function added(person: TeamsPerson, place: Place, serviceUrl: string, ids: readonly string[]): Wire {
  return from(person, place, serviceUrl, { type: 'conversationUpdate', membersAdded: ids.map((id) => ({ id })) });
}

export function installed(person: TeamsPerson, place: Place, serviceUrl: string, action = 'add'): Wire {
  return from(person, place, serviceUrl, { type: 'installationUpdate', action });
}
