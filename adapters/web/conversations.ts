import { problem, type Reply } from '../http/reply.ts';
import type { KnownPerson } from './console-data.ts';

/** A person's own conversation with OpsAgent. */
export const directConversation = (personId: string): string => `dm:${personId}`;

export const isDirect = (conversation: string): boolean => conversation.startsWith('dm:');

/**
 * The stored name of the conversation a person asks for: `me`, their own `dm:…`, or a configured channel.
 * Somebody else's conversation and one that does not exist are answered alike.
 */
export function conversationFor(
  person: KnownPerson,
  asked: string,
  channels: readonly string[],
): { conversation: string } | { refused: Reply } {
  const own = directConversation(person.id);
  if (asked === 'me' || asked === own) return { conversation: own };
  if (channels.includes(asked)) return { conversation: asked };
  const hint = `Use me for your own conversation${channels.length > 0 ? `, or ${channels.join(', ')}` : ''}.`;
  return { refused: problem(404, { code: 'not_found', message: 'There is no such conversation.', hint }) };
}
