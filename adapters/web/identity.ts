import type { Mode } from '../../cards/view.ts';
import { problem, type Reply } from '../http/reply.ts';
import type { ConsoleData, KnownPerson } from './console-data.ts';

/** Loopback with a switcher in LOCAL_MOCK; nobody is anybody elsewhere until OIDC sign-in exists (C3). */
export function identify(
  mode: Mode,
  data: ConsoleData,
  claimed: unknown,
): { person: KnownPerson } | { refused: Reply } {
  if (mode !== 'LOCAL_MOCK') {
    return unauthorized(
      'Signing in comes with OIDC, which this version does not have yet.',
      `The console works in LOCAL_MOCK. In ${mode} use the terminal: npm run chat.`,
    );
  }
  if (typeof claimed !== 'string' || claimed === '') {
    return unauthorized('The request does not say who you are.', 'Choose a person in the switcher of the console.');
  }
  const person = data.person(claimed);
  if (!person) {
    return unauthorized('OpsAgent does not know this person.', 'Choose a person in the switcher of the console.');
  }
  return { person };
}

function unauthorized(message: string, hint: string): { refused: Reply } {
  return { refused: problem(401, { code: 'unknown_person', message, hint }) };
}
