/** Every way an operation can fail that a caller or a person can act on. `docs/errors.md` explains each. */
export type ErrorCode =
  | 'config_invalid'
  | 'input_invalid'
  | 'unknown_person'
  | 'unknown_tool'
  | 'not_found'
  | 'access_denied'
  | 'too_many_requests'
  | 'identity_unavailable'
  | 'store_unavailable'
  | 'store_corrupt'
  | 'audit_unavailable'
  | 'policy_unavailable'
  | 'write_without_permit'
  | 'delivery_failed'
  | 'model_unavailable'
  | 'model_error'
  | 'aws_access_denied'
  | 'aws_not_found'
  | 'aws_throttled'
  | 'aws_timeout'
  | 'aws_unreachable'
  | 'aws_credentials'
  | 'aws_invalid'
  | 'aws_error'
  | 'internal';

interface Details {
  /** What to do next, in words a person can follow at once. */
  hint: string;
  /** True when the same call may succeed later, unchanged. */
  retryable?: boolean;
  cause?: unknown;
  /** Small facts for logs and cards: AWS code, request id, field name. Never secrets. */
  facts?: Readonly<Record<string, string | number>>;
}

/** The one error of the house: `message` says what happened, `hint` what to do. Expected ends are values, not errors. */
export class OpsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, { hint, retryable = false, cause, facts = {} }: Details) {
    super(message, { cause });
    this.name = 'OpsError';
    this.code = code;
    this.hint = hint;
    this.retryable = retryable;
    this.facts = facts;
  }
}

/** Wraps the unknown so that nothing is hidden: an `OpsError` passes through, anything else becomes `internal`. */
export function asOpsError(thrown: unknown): OpsError {
  if (thrown instanceof OpsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : textOf(thrown);
  return new OpsError('internal', message, {
    hint: 'This is a fault in OpsAgent. The log line with the same correlation id has the stack.',
    cause: thrown,
  });
}

/** Whatever was thrown as text, also what refuses to become one. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
