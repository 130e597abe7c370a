import type { Clock } from './clock.ts';
import { asOpsError, OpsError } from './errors.ts';
import type { Log } from './log.ts';
import type { Parameter, RemoteConfig } from './remote-config.ts';
import { reasonOf, type Watched } from './watched-file.ts';

interface Options<T> {
  /** The configuration key, for messages. */
  key: string;
  nameOrPath: string;
  /** Throws when the parameters do not say what is wanted. */
  read: (parameters: readonly Parameter[]) => T;
  remote: RemoteConfig;
  clock: Clock;
  log: Log;
}

export interface WatchedParameters<T> {
  now(): Watched<T>;
  /** Reads again. Never rejects. Asked while a reading is under way, it reads once more after that one. */
  refresh(): Promise<void>;
}

/** Why the last reading brought nothing. `refused`: AWS answered, and the answer cannot be used. */
type Trouble = { kind: 'unread' | 'refused'; problem: string };

/** A value that could not be confirmed for longer than this no longer decides about changes. */
const TRUSTED_FOR_MS = 5 * 60_000;
/** The same, should the clock be set back meanwhile: readings are a minute apart. */
const MOST_FAILURES = 5;

/**
 * A value in Parameter Store that is read again whenever `refresh` is called. It is stale at once when it is gone or wrong, and
 * after 5 minutes when it cannot be read.
 *
 * @throws OpsError `config_invalid` when the first reading fails: there is no last good value to keep
 */
export async function watchParameters<T>(options: Options<T>): Promise<WatchedParameters<T>> {
  const { key, nameOrPath, read, remote, clock, log } = options;
  const load = async () => read(await remote.parameters(nameOrPath));
  let value = await load().catch((thrown) => {
    throw cannotStart(key, nameOrPath, thrown);
  });
  let readAt = clock.now();
  let failures = 0;
  let trouble: Trouble | undefined;

  async function attempt(): Promise<void> {
    try {
      value = await load();
      readAt = clock.now();
      failures = 0;
      if (trouble) log.info({ key, nameOrPath }, 'the parameters can be read again');
      trouble = undefined;
    } catch (thrown) {
      failures += 1;
      trouble = nextTrouble(trouble, thrown, nameOrPath);
      log.warn({ key, problem: trouble.problem }, 'the parameters were not read; the last good ones are kept');
    }
  }

  let running = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return {
    now() {
      if (trouble?.kind === 'refused') return { state: 'stale', value, problem: trouble.problem };
      // Either way: a clock that was set back says nothing about age.
      const old = Math.abs(clock.now() - readAt) > TRUSTED_FOR_MS || failures > MOST_FAILURES;
      if (!old) return { state: 'fresh', value };
      const because = trouble ? `: ${trouble.problem}` : '';
      return { state: 'stale', value, problem: `${nameOrPath} was not read for more than 5 minutes${because}` };
    },
    refresh() {
      waiting ??= running.then(() => {
        waiting = undefined;
        running = attempt();
        return running;
      });
      return waiting;
    },
  };
}

/** What was gone or wrong stays so until a reading succeeds: the value before it is known to be out of date. */
function nextTrouble(before: Trouble | undefined, thrown: unknown, nameOrPath: string): Trouble {
  const kind = isUnread(thrown) && before?.kind !== 'refused' ? 'unread' : 'refused';
  return { kind, problem: problemOf(thrown, nameOrPath) };
}

function isUnread(thrown: unknown): boolean {
  return thrown instanceof OpsError && thrown.code !== 'aws_not_found' && thrown.code !== 'aws_invalid';
}

function problemOf(thrown: unknown, nameOrPath: string): string {
  const reason = reasonOf(thrown);
  return reason.startsWith(nameOrPath) ? reason : `${nameOrPath}: ${reason}`;
}

function cannotStart(key: string, nameOrPath: string, thrown: unknown): OpsError {
  const repair = thrown instanceof OpsError ? thrown.hint : 'Correct the parameter.';
  return new OpsError('config_invalid', `${key} is "${nameOrPath}": ${reasonOf(thrown)}. ${repair}`, {
    hint: 'Then start again; docs/aws-config.md has the forms and the IAM policy.',
    cause: asOpsError(thrown),
  });
}
