import { pino } from 'pino';
import type { Json } from './json.ts';
import { redact, redactJson } from './redact.ts';

/** Static message, facts beside it: `log.warn({ changeId }, 'outcome is not known')`. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** JSON lines on stderr: stdout belongs to answers. Secrets are taken out of every fact (A5). */
export function createLog(level: string): Log {
  const formatters = {
    log: (facts: object) =>
      Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, withoutSecrets(value)])),
  };
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, formatters }, pino.destination(2));
}

/** '[unprintable]' for a bigint, a cycle, a function and the like: no answer is lost to its log line. */
export function withoutSecrets(value: unknown): unknown {
  if (value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  try {
    if (value instanceof Error) return redact(value.stack ?? value.message);
    return redactJson(JSON.parse(JSON.stringify(value)) as Json);
  } catch {
    return '[unprintable]';
  }
}
