import { z } from 'zod';
import { cleanText } from './clean-text.ts';
import { type ErrorCode, OpsError } from './errors.ts';

const Thrown = z.object({
  name: z.string().catch('Error'),
  message: z.string().catch(''),
  /** Node's, of a socket. */
  code: z.string().optional().catch(undefined),
});

interface Kind {
  /** Of the error's name, or of Node's code for a socket. */
  sign: RegExp;
  code: Extract<ErrorCode, `aws_${string}`>;
  retryable: boolean;
  hint(action: string, region: string): string;
}

const KINDS: readonly Kind[] = [
  {
    sign: /^(E[A-Z_]{3,}|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED_CERT\w*)$/,
    code: 'aws_unreachable',
    retryable: true,
    hint: (_, region) =>
      `Check the network, a proxy, AWS_ENDPOINT_URL, and that ${region} is a Region of this account.`,
  },
  {
    sign: /NotFound/,
    code: 'aws_not_found',
    retryable: false,
    hint: (_, region) => `Check the name and the Region: ${region} was searched.`,
  },
  {
    sign: /^(AccessDenied|Unauthorized)/,
    code: 'aws_access_denied',
    retryable: false,
    hint: (action) =>
      `Allow ${action} for OpsAgent's role, and kms:Decrypt where it is encrypted with a key of your own; docs/aws-config.md has the policy.`,
  },
  {
    sign: /Throttl|TooManyRequests|TooManyUpdates|RequestLimitExceeded/,
    code: 'aws_throttled',
    retryable: true,
    hint: () => 'AWS asks to slow down. Wait a minute, then try again.',
  },
  {
    sign: /^(TimeoutError|AbortError|RequestTimeout)/,
    code: 'aws_timeout',
    retryable: true,
    hint: () => 'Try again in a minute. If it stays, check the AWS Health Dashboard.',
  },
  {
    sign: /Credential|Token|Signature|UnrecognizedClient|RequestExpired|TooSkewed/,
    code: 'aws_credentials',
    retryable: false,
    hint: () =>
      "Renew the credentials OpsAgent runs with, for example with 'aws sso login', and check the machine's clock.",
  },
  {
    sign: /Invalid|Validation|Decryption/,
    code: 'aws_invalid',
    retryable: false,
    hint: () => 'Correct what AWS names.',
  },
];

/** Turns whatever AWS, its SDK or the network threw into one `aws_*` error. Its message has no full stop at the end. */
export function mapRemoteError(thrown: unknown, action: string, region: string): OpsError {
  if (thrown instanceof OpsError) return thrown;
  // What an answer lacks is told without what it holds: it may be a secret.
  if (thrown instanceof z.ZodError || thrown instanceof SyntaxError) return garbled(thrown, action, region);
  const { name, message, code } = Thrown.catch({ name: 'Error', message: '', code: undefined }).parse(thrown);
  const kind = KINDS.find(({ sign }) => (code !== undefined && sign.test(code)) || sign.test(name));
  const words = cleanText(message, 300).trim().replace(/\.$/, '') || code || name;
  return new OpsError(kind?.code ?? 'aws_error', `${action} in ${region} failed: ${words}`, {
    hint: kind?.hint(action, region) ?? 'Try again in a minute. If it stays, check the AWS Health Dashboard.',
    retryable: kind?.retryable ?? true,
    cause: thrown,
    facts: { operation: action, aws_code: (code ?? name).replace(/[^\w.-]/g, '').slice(0, 80) },
  });
}

function garbled(cause: Error, action: string, region: string): OpsError {
  return new OpsError('aws_error', `${action} in ${region}: the answer holds no text of the form that is wanted`, {
    hint: 'Keep text there, not binary data, and check that AWS_ENDPOINT_URL leads to AWS.',
    retryable: true,
    cause: cause.name,
  });
}
