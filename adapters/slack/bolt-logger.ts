import type { AppOptions } from '@slack/bolt';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

type BoltLogger = NonNullable<AppOptions['logger']>;

/** Bolt's and the client's own lines. Debug lines hold whole requests and are never written, whatever the level. */
export function boltLogger(log: Log): BoltLogger {
  const level = 'warn' as ReturnType<BoltLogger['getLevel']>;
  return {
    debug() {},
    info() {},
    warn: (...said) => log.info({ said: words(said) }, 'Bolt says'),
    error: (...said) => log.warn({ said: words(said) }, 'Bolt says'),
    setLevel() {},
    getLevel: () => level,
    setName() {},
  };
}

function words(said: readonly unknown[]): string {
  return said
    .map((one) => (one instanceof Error ? asOpsError(one).message : String(one)))
    .join(' ')
    .slice(0, 500);
}
