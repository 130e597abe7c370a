import type { Place } from '../../http/place.ts';
import type { WebOptions } from '../options.ts';
import type { Route } from '../route.ts';
import { type Identify, signedInPeople } from '../who.ts';
import { createAttempts } from './attempts.ts';
import { createCookie } from './cookies.ts';
import { createProvider } from './provider.ts';
import { signInRoutes } from './routes.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';

interface SignedIn {
  identify: Identify;
  sessions: Sessions;
  routes: Route[];
}

/** Signing in, put together; undefined where there is no provider. Nothing is asked of it before somebody signs in. */
export function openSignIn(
  { signIn: options, store, clock, log, data }: WebOptions,
  place: Place,
  ended: (sessionId: string) => void,
): SignedIn | undefined {
  if (!options) return undefined;
  const { stepUp, note, ...config } = options;
  const sessions = createSessions(store, clock);
  const session = createCookie('opsagent', place.secure);
  const underWay = createCookie('opsagent-sign-in', place.secure);
  const identify = signedInPeople(data, sessions, session);
  const provider = createProvider(config, clock);
  const attempts = createAttempts(store, clock);
  const signIn = createSignIn({
    ...{ provider, attempts, sessions, identify, place, session, underWay, data, stepUp, note, clock, log },
  });
  return { identify, sessions, routes: signInRoutes({ signIn, sessions, session, place, note, ended }) };
}
