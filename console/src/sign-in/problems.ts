import type { SignInProblem } from '../../../adapters/web/sign-in/provider-fault.ts';

interface Words {
  title: string;
  detail: string;
  /** The next try has to ask who it is. */
  anew?: 'again' | 'another';
}

const words = {
  away: {
    title: 'The sign-in service does not answer',
    detail: 'Your organisation’s sign-in service is away or slow. Try again in a moment; Teams and Slack still work.',
  },
  declined: {
    title: 'You were not signed in',
    detail: 'The sign-in was cancelled, or your organisation does not let this account use OpsAgent.',
    anew: 'another',
  },
  refused: {
    title: 'The sign-in could not be trusted',
    detail:
      'What the sign-in service sent does not fit what OpsAgent asked it. Try again; if it happens again, ask an admin to look at the log and at the OIDC settings (docs/sign-in.md).',
  },
  again: {
    title: 'That sign-in is over',
    detail: 'It took too long, was finished before, or began in another browser. Sign in once more.',
  },
  'unknown-person': {
    title: 'OpsAgent does not know you',
    detail:
      'Your sign-in worked, but its e-mail is not on OpsAgent’s list of people, or is not verified. Ask an admin to add you, or use another account.',
    anew: 'another',
  },
  'other-person': {
    title: 'That was somebody else’s link',
    detail:
      'It asks for another person than the one who signed in. Nothing was decided. Sign in as that person, or close this page.',
    anew: 'another',
  },
  'not-fresh': {
    title: 'That sign-in is not fresh',
    detail:
      'A high risk takes a sign-in of this moment, and the sign-in service did not say that it asked you again. Try again; if it happens again, ask an admin to let it send auth_time (docs/sign-in.md).',
    anew: 'again',
  },
  'link-over': {
    title: 'That link is over',
    detail:
      'It works for 5 minutes. Press Approve once more where the card is, or open the change here and sign in again.',
  },
  busy: {
    title: 'Too many are signing in',
    detail:
      'More sign-ins began in this minute than OpsAgent takes. Try again in a minute; whoever is signed in is not touched.',
  },
  failed: {
    title: 'You could not be signed in',
    detail: 'OpsAgent could not keep the sign-in: its store does not answer. Try again in a moment.',
  },
} as const satisfies Record<SignInProblem, Words>;

const isProblem = (text: string): text is SignInProblem => Object.hasOwn(words, text);

/** What went wrong with a sign-in, as the address says it: '?sign_in=away'. Only words of our own are ever shown. */
export function signInProblem(search: string): Words | undefined {
  const named = new URLSearchParams(search).get('sign_in') ?? '';
  return isProblem(named) ? words[named] : undefined;
}
