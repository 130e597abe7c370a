interface Wanted {
  /** Ask for the password again: `again` for the same person, `another` where a different one is to sign in. */
  anew?: 'again' | 'another';
  /** The token of a step-up link. */
  stepUp?: string;
}

/** The address that leads through the sign-in service and back to where one is now. `hash`: '#/approvals/chg-1?tab=decided'. */
export function signInLink(hash: string, { anew, stepUp }: Wanted = {}): string {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  const query = new URLSearchParams(search);
  // A link works for minutes: it is no place to come back to.
  query.delete('step_up');
  const to = query.size > 0 ? `${path}?${query}` : path;
  const asked = new URLSearchParams({ to: to || '/' });
  if (stepUp) asked.set('step_up', stepUp);
  if (anew) asked.set('fresh', '1');
  if (anew === 'another') asked.set('as', 'another');
  return `/auth/sign-in?${asked}`;
}

/** A sign-in service shows its page in no frame, so it gets a window of its own. */
export const signInTarget = (): '_blank' | undefined => (window.top === window.self ? undefined : '_blank');
