import { asOpsError } from '../../../lib/errors.ts';

/** Why nobody is signed in: the console has words and a next step for each. */
export const SIGN_IN_PROBLEMS = [
  /** The provider does not answer, or not in time. */
  'away',
  /** The person, or the provider's own rules, said no. */
  'declined',
  /** What came back is not what was asked for, or the provider does not take this OpsAgent. */
  'refused',
  /** It began elsewhere, was finished before, or took too long. */
  'again',
  'unknown-person',
  'other-person',
  /** The provider did not ask for the password again, or does not say when it did. */
  'not-fresh',
  /** The link to it is too old, or was changed. */
  'link-over',
  /** More are begun than people could. */
  'busy',
  /** OpsAgent's own store does not answer. */
  'failed',
] as const;
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number];

/** `message` is for the log. */
export class SignInFailed extends Error {
  readonly problem: SignInProblem;

  constructor(problem: SignInProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SignInFailed';
    this.problem = problem;
  }
}

/** What the library throws, as one of ours: by its codes, since its classes would have to be loaded. */
export function providerFault(thrown: unknown): SignInFailed {
  if (thrown instanceof SignInFailed) return thrown;
  const { code, error, cause, status }: Record<string, unknown> = { ...Object(thrown), cause: Object(thrown).cause };
  const why = [asOpsError(thrown).message, code, error, innerMessage(cause)].filter((one) => typeof one === 'string');
  return new SignInFailed(problemOf({ code, error, status, cause, thrown }), why.join('; '), thrown);
}

type Signs = Record<'code' | 'error' | 'status' | 'cause' | 'thrown', unknown>;

function problemOf({ code, error, status, cause, thrown }: Signs): SignInProblem {
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return error === 'server_error' ? 'away' : 'declined';
  if (isClaim(cause, 'auth_time')) return 'not-fresh';
  if (code === 'OAUTH_TIMEOUT' || isBroken(status) || isBroken(Object(cause).status)) return 'away';
  // Only what never reached the provider is a TypeError without a code of the library's.
  return thrown instanceof TypeError && !String(code).startsWith('ERR_INVALID') ? 'away' : 'refused';
}

const isBroken = (status: unknown): boolean => typeof status === 'number' && status >= 500;

/** The library's words of a missing claim, or its mark of one that is too old. */
function isClaim(cause: unknown, claim: string): boolean {
  const { message, cause: inner } = Object(cause);
  return Object(inner).claim === claim || String(message).startsWith(`JWT "${claim}"`);
}

const innerMessage = (cause: unknown): unknown => (cause instanceof Error ? cause.message : undefined);
