import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { createPlace } from '../../../../adapters/http/place.ts';
import { createAttempts } from '../../../../adapters/web/sign-in/attempts.ts';
import { createCookie, newSecret } from '../../../../adapters/web/sign-in/cookies.ts';
import type { Provider } from '../../../../adapters/web/sign-in/provider.ts';
import { createSessions, sessionKind } from '../../../../adapters/web/sign-in/sessions.ts';
import { createSignIn } from '../../../../adapters/web/sign-in/sign-in.ts';
import { signedInPeople } from '../../../../adapters/web/who.ts';
import { STEP_UP_MS } from '../../../../approvals/step-up.ts';
import { systemClock as clock } from '../../../../lib/clock.ts';
import { silentLog as log } from '../../../../lib/log.ts';
import { createSqliteStore } from '../../../../store/sqlite.ts';

const BOB = { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'] as const };

describe('a fresh sign-in that was asked for', () => {
  /** What comes of it when the provider, and the library before it, say that this is when Bob signed in. */
  const outcomeOf = async (signedInAt: number | undefined) => {
    const store = await createSqliteStore({ path: ':memory:', clock, log });
    const [sessions, attempts] = [createSessions(store, clock), createAttempts(store, clock)];
    const [session, underWay] = [createCookie('opsagent', false), createCookie('opsagent-sign-in', false)];
    const data = { people: () => [BOB], person: () => BOB };
    const { callback } = createSignIn({
      ...{ sessions, attempts, session, underWay, data, clock, log },
      provider: { finish: async () => ({ email: BOB.id, signedInAt }) } as unknown as Provider,
      identify: signedInPeople(data, sessions, session),
      place: createPlace({ signIn: true }, () => 3978),
      stepUp: { open: async () => undefined },
      note: async () => {},
    });
    const secret = newSecret();
    await attempts.begin('the-state', secret, { nonce: 'n', verifier: 'v', to: '/approvals', fresh: true });
    const headers = { cookie: `opsagent-sign-in=${secret}` };

    const { headers: answer } = await callback(
      { headers } as unknown as IncomingMessage,
      new URL('http://localhost:3978/auth/callback?state=the-state&code=c'),
    );

    const begun = (await store.query(sessionKind, { index: 'by_person', partition: BOB.id, limit: 5 })).rows.length;
    await store.close();
    return [answer?.location, begun];
  };

  it('counts only when it was one, whoever checked it before [C3]', async () => {
    const stale = await outcomeOf(clock.now() - STEP_UP_MS);
    const unsaid = await outcomeOf(undefined);
    const fresh = await outcomeOf(clock.now() - 1_000);

    expect(stale).to.deep.equal(['/?sign_in=not-fresh#/approvals', 0]);
    expect(unsaid).to.deep.equal(['/?sign_in=not-fresh#/approvals', 0]);
    expect(fresh).to.deep.equal(['/#/approvals', 1]);
  });
});
