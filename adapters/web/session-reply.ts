import type { IncomingMessage } from 'node:http';
import { isFreshSignIn, STEP_UP_MS, STEP_UP_RISKS } from '../../approvals/step-up.ts';
import type { Clock } from '../../lib/clock.ts';
import { ok, type Reply } from '../http/reply.ts';
import type { ConsoleData, KnownPerson } from './console-data.ts';
import type { WebConfig } from './options.ts';
import type { Identify, Who } from './who.ts';

export interface SessionParts {
  config: WebConfig;
  data: ConsoleData;
  channels: readonly string[];
  identify: Identify;
  /** Whether people sign in here. */
  signIn: boolean;
  clock: Pick<Clock, 'now'>;
}

/** Which house this is and who speaks: what the console asks first. Whoever is not signed in learns nothing else. */
export async function sessionReply(parts: SessionParts, request: IncomingMessage): Promise<Reply> {
  const { config, signIn } = parts;
  if (!signIn) return ok(ofSwitcher(parts));
  const known = await parts.identify.who(request, undefined);
  if ('refused' in known) return ok({ signIn: 'oidc', mode: config.mode });
  return ok({ ...house(parts), signIn: 'oidc', people: listed(parts.data), self: self(known.who, parts.clock.now()) });
}

function ofSwitcher(parts: SessionParts) {
  const switchable = parts.config.mode === 'LOCAL_MOCK';
  const people = switchable ? listed(parts.data) : [];
  return { ...house(parts), signIn: switchable ? 'switch' : 'unavailable', people };
}

const house = ({ config: { mode, environment, version, region }, channels }: SessionParts) => ({
  ...{ mode, environment, version, region, channels },
});

const listed = (data: ConsoleData) => data.people().map(shown);
const shown = ({ id, name, roles }: KnownPerson): KnownPerson => ({ id, name, roles });

/** A yes to one of `risks` counts until `until`. */
function self({ person, session, signedInAt }: Who, now: number) {
  const isFresh = signedInAt !== undefined && isFreshSignIn({ auth: 'oidc', signedInAt }, now);
  return {
    ...shown(person),
    csrf: session?.csrf ?? '',
    until: new Date(session?.until ?? 0).toISOString(),
    stepUp: { risks: STEP_UP_RISKS, until: isFresh ? new Date(signedInAt + STEP_UP_MS).toISOString() : undefined },
  };
}
