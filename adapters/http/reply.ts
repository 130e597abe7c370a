import { asOpsError, type ErrorCode } from '../../lib/errors.ts';
import { newCorrelationId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';

/** What a route answers; the server writes it out as JSON. */
export interface Reply {
  status: number;
  body: unknown;
  /** A list is sent as several headers: cookies. */
  headers?: Readonly<Record<string, string | string[]>>;
}

/** The body of every 4xx and 5xx. */
export interface Problem {
  code: ErrorCode;
  message: string;
  hint: string;
  correlation_id?: string;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });

export const problem = (status: number, body: Problem, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  body,
  headers,
});

const statusOf: Partial<Record<ErrorCode, number>> = {
  input_invalid: 400,
  unknown_person: 401,
  access_denied: 403,
  not_found: 404,
  unknown_tool: 404,
  too_many_requests: 429,
  identity_unavailable: 503,
  store_unavailable: 503,
  audit_unavailable: 503,
  policy_unavailable: 503,
};

/** A known failure says itself; an unknown one says nothing but the id under which the log has it. */
export function replyToError(thrown: unknown, log: Log): Reply {
  const error = asOpsError(thrown);
  const correlationId = newCorrelationId();
  const status = statusOf[error.code] ?? 500;
  if (error.code !== 'internal') {
    log.warn({ correlationId, code: error.code, err: error }, 'web request failed');
    return problem(status, {
      code: error.code,
      message: error.message,
      hint: error.hint,
      correlation_id: correlationId,
    });
  }
  log.error({ correlationId, err: thrown }, 'web request failed');
  return problem(500, {
    code: 'internal',
    message: 'OpsAgent could not answer because of a fault of its own.',
    hint: `Try again. If it happens again, look in the log for ${correlationId}.`,
    correlation_id: correlationId,
  });
}
