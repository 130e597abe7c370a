import { z } from 'zod';
import { type ErrorCode, textOf } from '../../lib/errors.ts';

/** Only the fields worth reading; whatever else a vendor hangs on an error stays out of OpsAgent. */
const Thrown = z.object({
  name: z.string().catch('Error'),
  message: z.string().catch(''),
  /** AWS's own code, where the SDK's class has a longer name. */
  Code: z.string().optional().catch(undefined),
  /** Node's, of a socket. */
  code: z.string().optional().catch(undefined),
  syscall: z.string().optional().catch(undefined),
  $fault: z.string().optional().catch(undefined),
  $metadata: z
    .object({
      httpStatusCode: z.number().optional().catch(undefined),
      requestId: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  $response: z
    .object({ statusCode: z.number().optional().catch(undefined), headers: z.record(z.string(), z.string()).catch({}) })
    .optional()
    .catch(undefined),
});
export type Thrown = z.output<typeof Thrown>;

type AwsCode = Extract<ErrorCode, `aws_${string}`>;

/** `sent: 'no'` is said only when AWS cannot have acted on the request. Everything doubtful is 'maybe'. */
export interface Verdict {
  code: AwsCode;
  sent: 'no' | 'maybe';
  retryable: boolean;
}

const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedException|NotAuthorized|OptInRequired)$/;
const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|RequestTimeTooSkewed)$/;
/** EC2 answers throttling with 503 and this code; the request was turned away before it was looked at. */
const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|RequestLimitExceeded|RequestThrottled(Exception)?|TooManyRequestsException|SlowDown|PriorRequestNotComplete|EC2ThrottledException)$/;
const MISSING = /(NotFound|NotFoundException|NoSuch\w+|DoesNotExist)$/;
const TIMED_OUT = /^(AbortError|TimeoutError|RequestTimeout(Exception)?)$/;
/** Failures of looking up, connecting or shaking hands: not one byte of the request left. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED_CERT\w*|ERR_TLS_CERT\w+)$/;
const BROKEN_OFF = /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+)$/;

export function readThrown(thrown: unknown): Thrown {
  const parsed = Thrown.safeParse(thrown);
  return parsed.success ? parsed.data : { name: 'Error', message: textOf(thrown) };
}

export function judge(error: Thrown): Verdict {
  const { name } = error;
  const status = statusOf(error);
  // Before the name: the SDK calls a reset connection a TimeoutError.
  const network = judgeNetwork(error);
  if (network) return network;
  if (TIMED_OUT.test(name)) return { code: 'aws_timeout', sent: 'maybe', retryable: true };
  if (CREDENTIALS.test(name)) return { code: 'aws_credentials', sent: 'no', retryable: false };
  if (DENIED.test(name)) return { code: 'aws_access_denied', sent: 'no', retryable: false };
  if (THROTTLED.test(name) || status === 429) return { code: 'aws_throttled', sent: 'no', retryable: true };
  if (isRefusal(error, status)) return judgeRefusal(name, status);
  return { code: 'aws_error', sent: 'maybe', retryable: status === undefined || status >= 500 };
}

function judgeNetwork({ code = '', syscall, message }: Thrown): Verdict | undefined {
  const refused = { code: 'aws_unreachable', sent: 'no', retryable: true } as const;
  if (NEVER_CONNECTED.test(code) || message.includes('did not establish a connection')) return refused;
  if (!BROKEN_OFF.test(code)) return undefined;
  return syscall === 'connect' ? refused : { ...refused, sent: 'maybe' };
}

/** A 4xx with a reason from the service itself; a proxy's page with status 403 has none. */
function isRefusal(error: Thrown, status = 0): boolean {
  return error.$fault === 'client' && status >= 400 && status < 500 && !isGarbled(error);
}

function judgeRefusal(name: string, status: number | undefined): Verdict {
  if (status === 408) return { code: 'aws_timeout', sent: 'maybe', retryable: true };
  if (MISSING.test(name)) return { code: 'aws_not_found', sent: 'no', retryable: false };
  if (name === 'DryRunOperation') return { code: 'aws_error', sent: 'no', retryable: false };
  return { code: 'aws_invalid', sent: 'no', retryable: false };
}

export function statusOf(error: Thrown): number | undefined {
  return error.$response?.statusCode ?? error.$metadata?.httpStatusCode;
}

/** A page, half an answer or nothing: the SDK finds no code in it, or fails to read it. AWS did not speak. */
export function isGarbled(error: Thrown): boolean {
  return (
    /^(Unknown|UnknownError|SyntaxError|MalformedAnswer)$/.test(error.name) ||
    /Deserialization error/i.test(error.message)
  );
}
