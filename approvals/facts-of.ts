import type { JsonObject } from '../lib/json.ts';
import type { AuditActor } from './audit-record.ts';
import type { Caller } from './call.ts';

/** The actor part of an audit record. */
export function actorOf({ person, channel, userId, auth, signedInAt }: Caller): AuditActor {
  const signedIn = signedInAt === undefined ? {} : { signed_in_at: new Date(signedInAt).toISOString() };
  return { person: person.id, name: person.name, channel, user_id: userId, auth, ...signedIn };
}

/** What every record about a caller's request carries; the audit takes secrets out of all of it. */
export function callerFacts(caller: Caller, params?: JsonObject) {
  return {
    correlation_id: caller.correlationId,
    actor: actorOf(caller),
    origin: caller.origin,
    turn_id: caller.turnId,
    params,
  };
}
