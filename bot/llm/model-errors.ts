import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import { redact } from '../../lib/redact.ts';

interface Failure {
  code: 'model_unavailable' | 'model_error';
  message: string;
  hint: string;
}

const later = (message: string): Failure => ({
  code: 'model_unavailable',
  message,
  hint: 'Ask again in a minute; commands and simple sentences are understood without the model.',
});
const mend = (message: string, hint: string): Failure => ({ code: 'model_error', message, hint });

/** Why there is no answer, as `facts.why` of the error says it. */
const FAILURES = {
  overloaded: later('The model is overloaded.'),
  rate_limited: later('The model takes no more requests for now: a rate limit is reached.'),
  server: later('The model failed on its own side.'),
  timeout: later('The model did not answer in time.'),
  unreachable: later('The model cannot be reached.'),
  cut: later('The model’s answer broke off.'),
  unreadable: later('The model sent something that is no answer.'),
  spend_limit: mend(
    'The model’s account has no credit left, or has reached its spend limit.',
    'Add credit or raise the limit in the vendor’s console; commands and simple sentences go on without the model.',
  ),
  key: mend(
    'The model does not accept the credentials.',
    'Correct ANTHROPIC_API_KEY and start again, or where it is a reference what that leads to; for Bedrock renew the AWS credentials OpsAgent runs with.',
  ),
  permission: mend(
    'The credentials do not allow this model.',
    'Give the key access to LLM_MODEL; for Bedrock allow bedrock:InvokeModelWithResponseStream on it, and enable it in AWS_REGION.',
  ),
  unknown_model: mend(
    'There is no such model.',
    'Correct LLM_MODEL and start again; on Bedrock many models want the id of an inference profile, for example global.anthropic.claude-sonnet-5-5.',
  ),
  too_large: mend(
    'The conversation is too long for the model.',
    'Start a new conversation, or ask for a smaller time window or fewer resources.',
  ),
  bad_request: mend(
    'The model refused the request as wrong.',
    'Check that LLM_MODEL takes tools; otherwise this is a fault in OpsAgent, and the log has what the model said.',
  ),
} satisfies Record<string, Failure>;

export type Why = keyof typeof FAILURES;

interface About {
  cause?: unknown;
  facts?: Readonly<Record<string, string | number>>;
}

export function modelFailure(why: Why, { cause, facts }: About = {}): OpsError {
  const { code, message, hint } = FAILURES[why];
  return new OpsError(code, message, {
    hint,
    retryable: code === 'model_unavailable',
    cause,
    facts: { why, ...facts },
  });
}

/** What both SDKs throw, read by its members: their classes are loaded with the first reply only. */
const Thrown = z.object({
  name: z.string(),
  message: z.string(),
  status: z.number().optional().catch(undefined),
  type: z.string().nullish().catch(null),
  errorCode: z.string().nullish().catch(null),
  requestID: z.string().nullish().catch(null),
  headers: z.instanceof(Headers).optional().catch(undefined),
});
type Thrown = z.output<typeof Thrown>;

const VENDOR_CLASS = /^(API|Anthropic)\w*Error$/;

/**
 * What an SDK threw, as an error of the house; anything that is not the vendor's is `internal`.
 *
 * @param secret taken out of whatever the vendor said: a gateway may repeat the key it was sent
 */
export function readVendorError(thrown: unknown, secret = ''): OpsError {
  if (thrown instanceof OpsError) return thrown;
  const { data: error } = Thrown.safeParse(thrown);
  if (error?.status !== undefined || error?.type) return refusal(error, secret);
  if (error === undefined || !VENDOR_CLASS.test(error.name)) return asOpsError(thrown);
  return modelFailure(whyLost(error), { cause: thrown });
}

/** The error itself is left behind: it holds the whole body of the answer, and facts say what is of use in it. */
function refusal(error: Thrown, secret: string): OpsError {
  const type = error.headers?.get('x-amzn-errortype')?.split(':')[0] ?? error.errorCode ?? error.type;
  const retryAfter = error.headers?.get('retry-after') ?? '';
  const clean = (text: string) => cleanText(redact(secret ? text.replaceAll(secret, '[redacted key]') : text), 200);
  const requestId = error.requestID ?? error.headers?.get('x-amzn-requestid');
  return modelFailure(whyRefused(error, type ?? ''), {
    facts: {
      said: clean(error.message),
      ...(error.status !== undefined && { status: error.status }),
      ...(type && { type: clean(type) }),
      ...(requestId && { requestId: clean(requestId) }),
      // A date, which HTTP allows, counts as not given.
      ...(/^\d{1,6}(\.\d+)?$/.test(retryAfter) && { retryAfterS: Number(retryAfter) }),
    },
  });
}

/** No status: the request or the answer was lost on the way. The texts are those of the SDK, which has no codes for them. */
function whyLost({ name, message }: Thrown): Why {
  if (name === 'APIUserAbortError' || name === 'APIConnectionTimeoutError') return 'timeout';
  if (name === 'APIConnectionError') return /AWS credentials/.test(message) ? 'key' : 'unreachable';
  return /ended without producing|terminated|truncated/i.test(message) ? 'cut' : 'unreadable';
}

function whyRefused({ status, type: bodyType, errorCode, message }: Thrown, type: string): Why {
  const words = `${errorCode} ${bodyType} ${message}`;
  if (status === 429 && /spend|credit|billing/i.test(words)) return 'spend_limit';
  if (status === 400 && /credit balance/i.test(message)) return 'spend_limit';
  if (status === 400 && /too long|context (window|limit)/i.test(message)) return 'too_large';
  if (status === 400 && /model identifier|on-demand throughput/i.test(message)) return 'unknown_model';
  const byType = WHY_OF_TYPE.find(([pattern]) => pattern.test(type));
  if (byType) return byType[1];
  if (status === undefined) return 'server';
  return WHY_OF_STATUS[status] ?? (status >= 500 ? 'server' : 'bad_request');
}

/** Anthropic's types (snake_case) and Bedrock's exceptions; both may also come in the middle of a stream, without a status. */
const WHY_OF_TYPE: readonly (readonly [RegExp, Why])[] = [
  [/^overloaded_error$/, 'overloaded'],
  [/^(rate_limit_error|throttlingException|modelNotReadyException|serviceQuotaExceededException)$/i, 'rate_limited'],
  [/^(timeout_error|modelTimeoutException)$/i, 'timeout'],
  [/^billing_error$/, 'spend_limit'],
  [
    /^(authentication_error|(unrecognizedClient|invalidSignature|incompleteSignature|expiredToken|missingAuthenticationToken)(Exception)?)$/i,
    'key',
  ],
  [/^(permission_error|accessDeniedException)$/i, 'permission'],
  [/^(not_found_error|resourceNotFoundException)$/i, 'unknown_model'],
  [/^request_too_large$/, 'too_large'],
  [/^(invalid_request_error|validationException)$/i, 'bad_request'],
];

const WHY_OF_STATUS: Partial<Record<number, Why>> = {
  401: 'key',
  402: 'spend_limit',
  403: 'permission',
  404: 'unknown_model',
  408: 'timeout',
  413: 'too_large',
  // Bedrock: the model failed while it worked on the request.
  424: 'server',
  429: 'rate_limited',
  529: 'overloaded',
};
