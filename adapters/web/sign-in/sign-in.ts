import type { IncomingMessage } from 'node:http';
import type { AuditFacts } from '../../../approvals/audit-record.ts';
import { isFreshSignIn, type StepUp } from '../../../approvals/step-up.ts';
import type { Clock } from '../../../lib/clock.ts';
import { newCorrelationId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import type { Place } from '../../http/place.ts';
import type { Reply } from '../../http/reply.ts';
import type { ConsoleData, KnownPerson } from '../console-data.ts';
import type { Identify } from '../who.ts';
import { ATTEMPT_MS, type Attempt, type Attempts } from './attempts.ts';
import { browserName } from './browser-name.ts';
import { type Cookie, newSecret } from './cookies.ts';
import { ownPath } from './own-path.ts';
import type { Claims, Provider } from './provider.ts';
import { providerFault, SignInFailed, type SignInProblem } from './provider-fault.ts';
import { LONGEST_MS, type Sessions } from './sessions.ts';

export interface SignInParts {
  provider: Provider;
  attempts: Attempts;
  sessions: Sessions;
  identify: Identify;
  place: Place;
  /** Names the session. */
  session: Cookie;
  /** Binds a sign-in under way to its browser. */
  underWay: Cookie;
  data: Pick<ConsoleData, 'people'>;
  stepUp: Pick<StepUp, 'open'>;
  /** Into the audit record. Never rejects. */
  note(facts: AuditFacts): Promise<void>;
  clock: Clock;
  log: Log;
}

/** Both answer with a way on, whatever happens: into the console, or to its page that says what went wrong. */
export interface SignIn {
  /** `?to=` a path of the console; `step_up=` the token of a link; `fresh=1`: ask for the password again. */
  begin(request: IncomingMessage, query: URLSearchParams): Promise<Reply>;
  callback(request: IncomingMessage, back: URL): Promise<Reply>;
}

export function createSignIn(parts: SignInParts): SignIn {
  const { attempts, log, place, provider, session, underWay } = parts;

  async function begin(request: IncomingMessage, query: URLSearchParams): Promise<Reply> {
    const wish = await wishOf(parts, request, query);
    const { state, nonce, verifier } = await provider.ties();
    const { to, fresh, person } = wish;
    const redirectUri = `${place.base()}/auth/callback`;
    const address = await provider.address({ state, nonce, verifier, redirectUri, fresh, person });
    const secret = newSecret();
    if (!(await attempts.begin(state, secret, { nonce, verifier, to, fresh, person })))
      throw new SignInFailed('busy', 'too many sign-ins were begun in this minute');
    return redirect(address.href, [underWay.set(secret, ATTEMPT_MS / 1000)]);
  }

  async function callback(request: IncomingMessage, back: URL): Promise<Reply> {
    const state = back.searchParams.get('state') ?? '';
    const attempt = await attempts.take(state, underWay.read(request) ?? '');
    if (!attempt) throw new SignInFailed('again', 'no sign-in of this browser is under way with this state');
    return within(attempt.to, async () => {
      const { nonce, verifier, fresh } = attempt;
      const claims = await provider.finish(back, { state, nonce, verifier }, fresh);
      const person = await admit(parts, attempt, claims);
      const cookie = await enter(parts, request, person, claims.signedInAt);
      return redirect(`/#${attempt.to}`, [underWay.clear(), cookie]);
    });
  }

  /** To the page that says what went wrong, from where the same can be tried again. */
  async function within(to: string, work: () => Promise<Reply>): Promise<Reply> {
    try {
      return await work();
    } catch (thrown) {
      const { problem, message } = problemOf(thrown);
      log.warn({ problem, error: message }, 'a sign-in did not succeed');
      return redirect(`/?sign_in=${problem}#${to}`, problem === 'again' ? [] : [underWay.clear()]);
    }
  }

  return {
    begin: (request, query) => within(ownPath(query.get('to')), () => begin(request, query)),
    callback: (request, back) => within('/', () => callback(request, back)),
  };

  /** A new session; the one this browser had ends. */
  async function enter(
    { sessions }: SignInParts,
    request: IncomingMessage,
    { id, name }: KnownPerson,
    signedInAt: number | undefined,
  ): Promise<string> {
    const former = await parts.identify.who(request, undefined);
    const browser = browserName(request.headers['user-agent']);
    const secret = await sessions.begin({ person: id, signed_in_at: signedInAt, browser });
    if ('who' in former && former.who.session) await sessions.end(former.who.session.id);
    const at = signedInAt === undefined ? {} : { signed_in_at: new Date(signedInAt).toISOString() };
    await parts.note({
      type: 'signed_in',
      correlation_id: newCorrelationId(),
      actor: { person: id, name, channel: 'web', user_id: id, auth: 'oidc', ...at },
      outcome: 'done',
      summary: `Signed in to the console, ${browser}`,
    });
    return session.set(secret, LONGEST_MS / 1000);
  }
}

/** What a person came for. A link of a step-up says more than any parameter beside it. */
async function wishOf(
  { stepUp, identify }: SignInParts,
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<Pick<Attempt, 'to' | 'fresh' | 'person'>> {
  const token = query.get('step_up');
  if (token !== null) {
    const wanted = await stepUp.open(token);
    if (!wanted) throw new SignInFailed('link-over', 'the link of a step-up is too old, or was changed');
    return { to: ownPath(`/approvals/${wanted.change}`), fresh: true, person: wanted.person };
  }
  const fresh = query.get('fresh') === '1';
  const known = fresh && query.get('as') !== 'another' ? await identify.who(request, undefined) : undefined;
  return { to: ownPath(query.get('to')), fresh, person: known && 'who' in known ? known.who.person.id : undefined };
}

/** Who the provider's words are. @throws SignInFailed */
async function admit({ data, note, clock }: SignInParts, attempt: Attempt, claims: Claims): Promise<KnownPerson> {
  const email = claims.email?.toLowerCase();
  const person = data.people().find(({ id }) => id.toLowerCase() === email);
  if (!person) {
    await note(strangerFacts(claims.email));
    throw new SignInFailed('unknown-person', 'somebody signed in who is not on the list of people');
  }
  if (attempt.person !== undefined && attempt.person !== person.id)
    throw new SignInFailed('other-person', `${person.id} signed in where ${attempt.person} was asked for`);
  if (attempt.fresh && !isFreshSignIn({ auth: 'oidc', signedInAt: claims.signedInAt }, clock.now()))
    throw new SignInFailed('not-fresh', 'the provider did not ask anew, or does not say when it did (auth_time)');
  return person;
}

function strangerFacts(email: string | undefined): AuditFacts {
  return {
    type: 'access_denied',
    correlation_id: newCorrelationId(),
    actor: { person: 'unknown', name: '', channel: 'web', user_id: email ?? '', auth: 'oidc' },
    outcome: 'denied',
    rule: 'allow-list',
    summary: 'Signed in, but not on the allow-list',
  };
}

function problemOf(thrown: unknown): { problem: SignInProblem; message: string } {
  if (thrown instanceof SignInFailed) return thrown;
  return { problem: 'failed', message: providerFault(thrown).message };
}

/** Nothing on the way is kept by anybody. */
function redirect(location: string, cookies: readonly string[] = []): Reply {
  return { status: 303, body: '', headers: { location, ...(cookies.length > 0 && { 'set-cookie': [...cookies] }) } };
}
