import { z } from 'zod';
import type { AuditFacts } from '../../../approvals/audit-record.ts';
import { newCorrelationId } from '../../../lib/ids.ts';
import type { Place } from '../../http/place.ts';
import { ok, problem, type Reply } from '../../http/reply.ts';
import { parse } from '../parse.ts';
import type { Call, Route } from '../route.ts';
import type { Cookie } from './cookies.ts';
import { endOf, type Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

interface Parts {
  signIn: SignIn;
  sessions: Sessions;
  session: Cookie;
  place: Place;
  note(facts: AuditFacts): Promise<void>;
  /** Cuts what an ended session still listens to. */
  ended(sessionId: string): void;
}

const Which = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/, 'is not the id of a session') });
const Nothing = z.strictObject({});

/** Signing in and out, and the sessions of whoever asks. */
export function signInRoutes(parts: Parts): Route[] {
  const { signIn, place } = parts;
  const begin = '/auth/sign-in';
  const back = '/auth/callback';
  return [
    { method: 'GET', path: begin, open: true, answer: ({ request, url }) => signIn.begin(request, url.searchParams) },
    {
      method: 'GET',
      path: back,
      open: true,
      answer: ({ request, url }) => signIn.callback(request, new URL(`${back}${url.search}`, place.base())),
    },
    { method: 'POST', path: '/auth/sign-out', answer: (call) => signOut(call, parts) },
    { method: 'GET', path: '/api/sessions', answer: (call) => list(call, parts) },
    { method: 'POST', path: '/api/sessions/end', answer: (call) => endOne(call, parts) },
  ];
}

async function signOut(call: Call, parts: Parts): Promise<Reply> {
  const asked = parse(Nothing, call.body, 'Send {}.');
  if ('refused' in asked) return asked.refused;
  if (call.who.session) await end(call, parts, call.who.session.id);
  return { ...ok({}), headers: { 'set-cookie': parts.session.clear() } };
}

async function list({ who: { person, session } }: Call, { sessions }: Parts): Promise<Reply> {
  const rows = await sessions.of(person.id);
  return ok({
    sessions: rows.map(({ id, value }) => ({
      id,
      browser: value.browser,
      since: new Date(value.created_at).toISOString(),
      seen: new Date(value.seen_at).toISOString(),
      until: new Date(endOf(value)).toISOString(),
      here: id === session?.id,
    })),
  });
}

/** Somebody else's session, and one that is over, are answered alike. */
async function endOne(call: Call, parts: Parts): Promise<Reply> {
  const asked = parse(Which, call.body, 'Send {id}, with an id of GET /api/sessions.');
  if ('refused' in asked) return asked.refused;
  const own = await parts.sessions.of(call.who.person.id);
  if (!own.some(({ id }) => id === asked.value.id)) {
    const hint = 'Your sessions are listed in the console under your name.';
    return problem(404, { code: 'not_found', message: 'You have no such session.', hint });
  }
  await end(call, parts, asked.value.id);
  return ok({});
}

async function end({ who: { person, session } }: Call, { sessions, note, ended }: Parts, id: string): Promise<void> {
  await sessions.end(id);
  ended(id);
  await note({
    type: 'signed_out',
    correlation_id: newCorrelationId(),
    actor: { person: person.id, name: person.name, channel: 'web', user_id: person.id, auth: 'oidc' },
    outcome: 'done',
    summary: id === session?.id ? 'Signed out of the console' : 'Ended another session of their own',
  });
}
