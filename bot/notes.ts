import type { AuditFacts } from '../approvals/audit-record.ts';
import type { Caller } from '../approvals/call.ts';
import { callerFacts } from '../approvals/facts-of.ts';
import { note } from '../approvals/note.ts';
import type { BotParts } from './bot-parts.ts';
import type { Turn } from './turn.ts';
import { saidIn } from './turn-words.ts';

type Parts = Pick<BotParts, 'audit' | 'log' | 'telemetry'>;

/** Somebody said something: the first record of its correlation id. */
export function requestOf(turn: Turn, caller: Caller): AuditFacts {
  const summary = saidIn(turn).slice(0, 500);
  return { ...callerFacts(caller), type: 'request_received', outcome: 'received', summary };
}

/** Somebody spoke who is not on the allow-list. */
export function noteStranger(parts: Parts, { speaker, id, origin }: Turn, correlationId: string): Promise<void> {
  const { channel, auth, userId } = speaker;
  return note(parts, {
    type: 'access_denied',
    correlation_id: correlationId,
    actor: { person: 'unknown', name: '', channel, user_id: userId.slice(0, 200), auth },
    turn_id: id,
    origin,
    outcome: 'denied',
    rule: 'allow-list',
    summary: 'Not on the allow-list',
  });
}
