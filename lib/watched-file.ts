import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import { OpsError } from './errors.ts';

/** `stale`: the file cannot be read or is wrong now; `value` is the last good one and changes must pause. */
export type Watched<T> = { state: 'fresh'; value: T } | { state: 'stale'; value: T; problem: string };

const CHECK_EVERY_MS = 1_000;

/**
 * A YAML file that is read again when it changes, at most a second late, without a restart.
 *
 * @throws OpsError `config_invalid` when the first reading fails: there is no last good value to keep
 */
export function watchYaml<T>(path: string, schema: z.ZodType<T>, clock: Clock): () => Watched<T> {
  const read = () => schema.parse(parse(readFileSync(path, 'utf8')));
  const stamp = () => {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  };
  let known: { stamp: string; checkedAt: number; watched: Watched<T> };
  try {
    known = { stamp: stamp(), checkedAt: clock.now(), watched: { state: 'fresh', value: read() } };
  } catch (cause) {
    throw new OpsError('config_invalid', `${path}: ${reasonOf(cause)}`, {
      hint: `Correct ${path} and start again.`,
      cause,
    });
  }

  return () => {
    // A clock that was set back must not stop the looking.
    if (Math.abs(clock.now() - known.checkedAt) < CHECK_EVERY_MS) return known.watched;
    const checkedAt = clock.now();
    try {
      const now = stamp();
      if (now !== known.stamp || known.watched.state === 'stale') {
        known = { stamp: now, checkedAt, watched: { state: 'fresh', value: read() } };
      } else known = { ...known, checkedAt };
    } catch (error) {
      known = {
        ...known,
        checkedAt,
        watched: { state: 'stale', value: known.watched.value, problem: `${path}: ${reasonOf(error)}` },
      };
    }
    return known.watched;
  };
}

/** What is wrong, in words: of a schema's complaint, each place and its fault. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('issues' in error)) return error.message;
  const issues = error.issues as { path: PropertyKey[]; message: string }[];
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ');
}
