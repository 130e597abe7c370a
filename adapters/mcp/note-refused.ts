import type { Lobby } from '../../bot/channel.ts';
import type { Speaker } from '../../bot/turn.ts';
import { newCorrelationId } from '../../lib/ids.ts';
import type { McpOptions } from './options.ts';

/** A call that a rule of this door refuses never becomes a turn: its record is written here (A4). @returns the record's correlation id */
export async function noteRefused(
  { note, lobby }: Pick<McpOptions, 'note'> & { lobby: Lobby },
  { channel, userId, auth }: Speaker,
  { tool, rule, why }: { tool: string; rule: string; why: string },
): Promise<string> {
  const correlationId = newCorrelationId();
  const isKnown = (await lobby.tools({ channel, userId, auth })).length > 0;
  await note({
    type: 'access_denied',
    correlation_id: correlationId,
    actor: { person: isKnown ? userId : 'unknown', name: '', channel, user_id: userId.slice(0, 200), auth },
    origin: 'mcp',
    tool,
    outcome: 'denied',
    rule,
    summary: why,
  });
  return correlationId;
}
