import { OpsError } from '../../lib/errors.ts';

/** Slack's own trouble: the same call may succeed later. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const LATER = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** Our own: it works again when somebody has repaired the installation. */
const BROKEN_INSTALLATION = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'not_allowed_token_type',
]);

/** What connecting fails with: nothing was sent yet. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/** How a call to Slack failed, in the four ways that differ for who called. */
export type Failure =
  /** Slack answered and said no; `code` says why. */
  | { kind: 'answered'; code: string }
  /** Too many calls. Slack did nothing. */
  | { kind: 'limited'; retryAfterMs: number }
  /** No connection came about. */
  | { kind: 'unsent' }
  /** Nobody knows whether Slack did it. */
  | { kind: 'unknown'; words: string };

interface VendorError {
  code?: unknown;
  message?: unknown;
  /** WebAPIPlatformError */
  data?: { error?: unknown };
  /** WebAPIRateLimitedError, seconds */
  retryAfter?: unknown;
  /** WebAPIHTTPError */
  statusCode?: unknown;
  /** WebAPIRequestError */
  original?: { code?: unknown; name?: unknown };
}

/** Reads an error of @slack/web-api 8 by its `code`; anything else may have happened after Slack had done it. */
export function failureOf(thrown: unknown): Failure {
  if (typeof thrown !== 'object' || thrown === null) return { kind: 'unknown', words: String(thrown) };
  const { code, data, retryAfter, original, statusCode, message }: VendorError = thrown;
  if (code === 'slack_webapi_platform_error') return answered(data?.error);
  if (code === 'slack_webapi_rate_limited_error') return { kind: 'limited', retryAfterMs: Number(retryAfter) * 1000 };
  if (code === 'slack_webapi_http_error') return { kind: 'unknown', words: `it answered ${Number(statusCode)}` };
  if (NEVER_SENT.has(String(original?.code))) return { kind: 'unsent' };
  return { kind: 'unknown', words: String(original?.code ?? original?.name ?? message).slice(0, 200) };
}

/** Slack's codes are short words; a proxy in between may answer with a page. */
function answered(code: unknown): Failure {
  if (typeof code === 'string' && /^[a-z_]{1,80}$/.test(code)) return { kind: 'answered', code };
  return { kind: 'unknown', words: 'its answer cannot be read' };
}

/** The failed call as the house knows it. `facts.slack` is Slack's code, when Slack said one. */
export function asDeliveryError(failure: Failure, method: string, cause: unknown): OpsError {
  const slack = failure.kind === 'answered' ? failure.code : failure.kind === 'limited' ? 'ratelimited' : undefined;
  const retryable = slack === undefined || LATER.has(slack) || BROKEN_INSTALLATION.has(slack);
  return new OpsError('delivery_failed', `Slack did not do ${method}: ${wordsOf(failure)}.`, {
    hint: hintFor(slack, retryable),
    retryable,
    cause,
    facts: slack === undefined ? { method } : { method, slack },
  });
}

function wordsOf(failure: Failure): string {
  switch (failure.kind) {
    case 'answered':
      return failure.code;
    case 'limited':
      return 'too many calls';
    case 'unsent':
      return 'no connection';
    case 'unknown':
      return failure.words;
  }
}

function hintFor(slack: string | undefined, retryable: boolean): string {
  if (slack !== undefined && BROKEN_INSTALLATION.has(slack))
    return 'Install the app again and check SLACK_BOT_TOKEN; docs/setup-slack.md lists the scopes.';
  if (slack === 'not_in_channel' || slack === 'channel_not_found') return 'Say /invite @OpsAgent in that channel.';
  return retryable ? 'It is tried again.' : 'It is not tried again; the result can be read in the console.';
}

/** Slack is slow, down or busy; nothing about the installation is wrong. */
export const isForNow = ({ retryable, facts }: OpsError): boolean =>
  retryable && !BROKEN_INSTALLATION.has(String(facts.slack));

/** Slack's code behind an error of `SlackApi`. */
export function slackCode(thrown: unknown): string | undefined {
  const code = thrown instanceof OpsError ? thrown.facts.slack : undefined;
  return typeof code === 'string' ? code : undefined;
}
