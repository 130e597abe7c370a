import { createServer } from 'node:http';
import type { ConsoleData, KnownPerson } from '../../../../adapters/web/console-data.ts';
import type { WebConfig } from '../../../../adapters/web/options.ts';
import type { AuditFacts } from '../../../../approvals/audit-record.ts';
import { createStepUp, type StepUp } from '../../../../approvals/step-up.ts';
import { type Clock, systemClock } from '../../../../lib/clock.ts';
import { silentLog } from '../../../../lib/log.ts';
import { createSqliteStore } from '../../../../store/sqlite.ts';
import type { Store } from '../../../../store/store.ts';
import { startWeb, type WebHarness } from '../web-harness.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import type { Jar } from './jar.ts';

export interface SignInHouse {
  web: WebHarness;
  /** 'http://localhost:…' */
  base: string;
  provider: IdentityProvider;
  store: Store;
  stepUp: StepUp;
  people: KnownPerson[];
  /** The kinds of the rows that were written, in order. */
  written: string[];
  /** What was recorded. */
  noted: AuditFacts[];
  clock: Clock;
  /** Later by this, for OpsAgent alone. */
  pass(ms: number): void;
  /** From the console to the provider's page and back, as this person. */
  signIn(jar: Jar, email: string, query?: string): Promise<string>;
  close(): Promise<void>;
}

interface Options {
  config?: Partial<WebConfig>;
  thick?: boolean;
  /** Stands in the provider's place. */
  issuer?: string;
  data?: Partial<ConsoleData>;
}

/** A console that people sign in to, with a provider of its own, over real HTTP. */
export async function createSignInHouse(options: Options = {}): Promise<SignInHouse> {
  const port = options.config?.port ?? (await freePort());
  const base = `http://localhost:${port}`;
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  const opened = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  const written: string[] = [];
  const store: Store = {
    ...opened,
    transact(writes, how) {
      written.push(...writes.map(({ kind }) => kind.name));
      return opened.transact(writes, how);
    },
  };
  const provider = await startIdentityProvider({ redirectUris: [`${base}/auth/callback`], thick: options.thick });
  const stepUp = createStepUp({ store, clock, consoleUrl: base });
  const noted: AuditFacts[] = [];
  const people: KnownPerson[] = [
    { id: 'alice@example.com', name: 'Alice', roles: ['engineer'] },
    { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'] },
  ];
  const web = await startWeb({
    ...{ store, clock },
    config: { port, mode: 'SANDBOX_LIVE', ...options.config },
    data: { person: (id) => people.find((one) => one.id === id), people: () => people, ...options.data },
    signIn: {
      ...CLIENT,
      issuer: options.issuer ?? provider.issuer,
      stepUp,
      note: async (facts) => void noted.push(facts),
    },
  });

  async function signIn(jar: Jar, email: string, query = ''): Promise<string> {
    const asked = await jar.visit(`${base}/auth/sign-in${query}`);
    if (!asked.url.includes('/interaction/')) return asked.url;
    const body = new URLSearchParams({ email });
    return (await jar.visit(asked.url, { method: 'POST', body })).url;
  }

  return {
    ...{ web, base, provider, store, stepUp, people, written, noted, clock, signIn },
    pass(ms) {
      ahead += ms;
    },
    async close() {
      await web.close();
      await provider.close();
      await store.close();
    },
  };
}

/** Below those that the system gives to outgoing connections, any of which may take a port between the look and its use. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

/** What the console itself would send from its page. */
export function fromPage(base: string, csrf: string, body: object): RequestInit {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-csrf-token': csrf,
      origin: base,
      'sec-fetch-site': 'same-origin',
    },
    body: JSON.stringify(body),
  };
}
