import type { Clock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { redact } from '../lib/redact.ts';

/** `warn`: it works, and somebody should know. `fail`: it would not work. */
export type Seen = { status: 'ok'; says: string } | { status: 'warn' | 'fail'; says: string; repair: string };
export type Finding = Seen & { check: string };

export interface Check {
  name: string;
  /** Changes nothing. A rejection is a failure, with the error's own repair. */
  look(): Promise<Seen>;
}

export interface CheckParts {
  config: Config;
  clock: Clock;
  log: Log;
}

/** Whoever waits at a prompt waits no longer, even for a host that takes a connection and says nothing. */
const WITHIN_MS = 12_000;

export const ok = (says: string): Seen => ({ status: 'ok', says });
export const warn = (says: string, repair: string): Seen => ({ status: 'warn', says, repair });
export const fail = (says: string, repair: string): Seen => ({ status: 'fail', says, repair });

const MOST_SAID = 300;
const short = (words: string) => (words.length > MOST_SAID ? `${words.slice(0, MOST_SAID - 1)}…` : words);

/** Never rejects, never late. */
export async function settle({ name, look }: Check): Promise<Finding> {
  const waiting = Promise.withResolvers<Seen>();
  const timer = setTimeout(
    () =>
      waiting.resolve(fail('there is no answer', 'Check the network, the proxy and the firewall on the way there.')),
    WITHIN_MS,
  );
  try {
    return { check: name, ...(await Promise.race([look(), waiting.promise])) };
  } catch (thrown) {
    const { message, hint } = asOpsError(thrown);
    return { check: name, ...fail(short(redact(message)), redact(hint)) };
  } finally {
    clearTimeout(timer);
  }
}

/** For people: one line, and the repair on a second where there is one. */
export function asLines(finding: Finding): string {
  const line = `${finding.status.padEnd(5)} ${finding.check.padEnd(13)} ${finding.says}`;
  return finding.status === 'ok' ? line : `${line}\n      → ${finding.repair}`;
}
