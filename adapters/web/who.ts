import type { IncomingMessage } from 'node:http';
import type { Speaker } from '../../bot/turn.ts';
import type { Mode } from '../../cards/view.ts';
import { refuseUnsaidOrigin } from '../http/own-site.ts';
import { problem, type Reply } from '../http/reply.ts';
import type { ConsoleData, KnownPerson } from './console-data.ts';
import type { Cookie } from './sign-in/cookies.ts';
import { csrfToken, endOf, isCsrfToken, type Sessions } from './sign-in/sessions.ts';

/** Who a request comes from, and how that is known. */
export interface Who extends Pick<Speaker, 'auth' | 'signedInAt'> {
  person: KnownPerson;
  /** Where people sign in. */
  session?: OwnSession;
}

export interface OwnSession {
  id: string;
  /** What the page has to show with everything that changes something. */
  csrf: string;
  /** Epoch ms. */
  until: number;
}

export interface Identify {
  /** `claimed`: whom the page says it speaks for, which counts only where people are switched between. */
  who(request: IncomingMessage, claimed: unknown): Promise<{ who: Who } | { refused: Reply }>;
  /** Whether this request may change something for whom it names. */
  refuseForgery(request: IncomingMessage): Reply | undefined;
}

/** Loopback with a switcher in LOCAL_MOCK: whoever sits at this machine may be anybody. Elsewhere nobody is, without sign-in (C3). */
export function switchedPeople(mode: Mode, data: ConsoleData): Identify {
  return {
    who: async (_request, claimed) => {
      if (mode !== 'LOCAL_MOCK') {
        return unauthorized(
          'No sign-in by OIDC is set up here.',
          `In ${mode} people sign in: set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET (docs/sign-in.md), or use the terminal: npm run chat.`,
        );
      }
      if (typeof claimed !== 'string' || claimed === '') {
        return unauthorized('The request does not say who you are.', SWITCH);
      }
      const person = data.person(claimed);
      return person
        ? { who: { person, auth: 'local-switch' } }
        : unauthorized('OpsAgent does not know this person.', SWITCH);
    },
    // No cookie vouches for anybody here, and no foreign page can send the header that does.
    refuseForgery: () => undefined,
  };
}

const SWITCH = 'Choose a person in the switcher of the console.';

/** By the session that the browser's cookie names; whoever is taken off the list has none any more. */
export function signedInPeople({ person }: Pick<ConsoleData, 'person'>, sessions: Sessions, cookie: Cookie): Identify {
  return {
    async who(request) {
      const secret = cookie.read(request);
      const row = secret === undefined ? undefined : await sessions.use(secret);
      if (secret === undefined || !row) return unauthorized('You are not signed in, or no longer.', SIGN_IN);
      const known = person(row.value.person);
      if (!known) {
        await sessions.end(row.id);
        return unauthorized('You are not on the list of people any more.', 'Ask an admin to add you.');
      }
      const session = { id: row.id, csrf: csrfToken(secret), until: endOf(row.value) };
      return { who: { person: known, auth: 'oidc', signedInAt: row.value.signed_in_at, session } };
    },
    refuseForgery(request) {
      const secret = cookie.read(request);
      const unsaid = refuseUnsaidOrigin(request);
      if (unsaid) return unsaid;
      if (secret !== undefined && isCsrfToken(secret, request.headers['x-csrf-token'])) return undefined;
      return problem(403, {
        code: 'access_denied',
        message: 'The request does not show that it comes from the page you are signed in to.',
        hint: 'Load the console again, then repeat it. Programs use the REST API.',
      });
    },
  };
}

const SIGN_IN = 'Sign in again: open the console.';

function unauthorized(message: string, hint: string): { refused: Reply } {
  return { refused: problem(401, { code: 'unknown_person', message, hint }) };
}
