import { pino } from 'pino';
import type { Json, JsonObject } from './json.ts';
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
  const formatters = { log: factsWithoutSecrets };
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, formatters }, pino.destination(2));
}

/** As a line of the log has them: by name and by form no secret, of an error its stack and causes. */
export function factsWithoutSecrets(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [redact(name), withoutSecrets(name, value)]));
}

/** '[unprintable]' for a bigint, a cycle, a function and the like: no answer is lost to its log line. */
function withoutSecrets(name: string, value: unknown): unknown {
  if (value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  try {
    if (value instanceof Error) return redact(value.stack ?? value.message);
    // Under its name: a secret may be known by nothing else.
    const { [name]: clean } = redactJson({
      [name]: JSON.parse(JSON.stringify(value, bytesApart)) as Json,
    }) as JsonObject;
    return clean;
  } catch {
    return '[unprintable]';
  }
}

/** Other bytes than a Buffer's would become an object of numbers. */
const bytesApart = (_name: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? '[redacted bytes]' : value);
