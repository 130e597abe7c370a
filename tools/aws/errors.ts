import { cleanText } from '../../lib/clean-text.ts';
import { OpsError } from '../../lib/errors.ts';
import { redact } from '../../lib/redact.ts';
import type { Service } from './apis.ts';
import { isGarbled, judge, readThrown, statusOf, type Thrown, type Verdict } from './verdict.ts';

/** Where OpsAgent keeps its own record; no tool reaches these. */
export type RecordService = 's3' | 'logs' | 'kms';

/** Which call failed. */
export interface FailedCall {
  service: Service | RecordService;
  /** The SDK's name: 'rebootInstances'. */
  operation: string;
  access: 'read' | 'write';
  region: string;
}

/**
 * Turns whatever AWS, its SDK or the network threw into one `aws_*` error: what was tried, AWS's own words, the repair.
 * An `OpsError` passes through. Facts: `operation`, `sent`, and where known `aws_code`, `request_id`, `http_status`.
 */
export function mapAwsError(thrown: unknown, call: FailedCall): OpsError {
  if (thrown instanceof OpsError) return thrown;
  const error = readThrown(thrown);
  const verdict = judge(error);
  const action = actionName(call.service, call.operation);
  return new OpsError(verdict.code, messageFor(verdict, error, action, call), {
    hint: hintFor(verdict, error, action, call),
    retryable: verdict.retryable,
    cause: thrown,
    facts: factsOf(verdict, error, action),
  });
}

/**
 * For a write that failed: could AWS have made the change all the same? False only when it certainly did not
 * (never connected, refused, invalid, throttled, no permit); true for time-outs, resets, 5xx and everything unknown.
 */
export function mayHaveBeenApplied(error: unknown): boolean {
  if (!(error instanceof OpsError)) return true;
  return error.facts.sent !== 'no' && error.code !== 'write_without_permit' && error.code !== 'input_invalid';
}

/**
 * Awaits a call made with EC2's `DryRun`: returns when AWS says it would have succeeded.
 *
 * @throws OpsError as mapped, `aws_access_denied` for example, when it would not
 */
export async function expectDryRun(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpsError && error.facts.aws_code === 'DryRunOperation') return;
    throw error;
  }
}

/** The name IAM and CloudTrail know the operation by: 'ec2:RebootInstances'. */
export function actionName(service: Service | RecordService, operation: string): string {
  const prefix = service === 'elbv2' ? 'elasticloadbalancing' : service;
  return `${prefix}:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

function messageFor({ code, sent }: Verdict, error: Thrown, action: string, { access, region }: FailedCall): string {
  const where = `${action} in ${region}`;
  const doubt = access === 'write' && sent === 'maybe' ? ' It is not known whether the change was made.' : '';
  if (code === 'aws_timeout') return `${where} did not answer in time.${doubt}`;
  if (code === 'aws_unreachable') {
    const what = sent === 'no' ? 'no connection to AWS' : 'the connection to AWS broke off';
    return `${where}: ${what} (${error.code ?? error.name}).${doubt}`;
  }
  if (isGarbled(error)) return `${where}: the answer${statusWords(error)} was not one AWS gives.${doubt}`;
  return `${where} failed: ${sentence(cleanWords(error.message) || error.name)}${doubt}`;
}

function statusWords(error: Thrown): string {
  const status = statusOf(error);
  return status === undefined ? '' : ` (HTTP ${status})`;
}

function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

function hintFor({ code, sent }: Verdict, error: Thrown, action: string, { access, region }: FailedCall): string {
  if (access === 'write' && sent === 'maybe')
    return 'Look at the resource before trying again: the change may have been made.';
  switch (code) {
    case 'aws_access_denied':
      return access === 'write'
        ? `Allow ${action} for OpsAgent's role. If its policy asks for the tag, add OpsAgentManaged=true to the resource.`
        : `Allow ${action} for OpsAgent's role, or ask whoever manages its IAM policy.`;
    case 'aws_not_found':
      return `Check the id and the Region: ${region} was searched. List what is there, then try again.`;
    case 'aws_throttled':
      return `AWS asks to slow down. Wait ${waitSeconds(error)} seconds, then try again.`;
    case 'aws_timeout':
    case 'aws_error':
      return 'Try again in a minute. If it stays, check the AWS Health Dashboard.';
    case 'aws_unreachable':
      return `Check the network, a proxy, AWS_ENDPOINT_URL, and that ${region} is a Region of this account.`;
    case 'aws_credentials':
      return error.name === 'RequestTimeTooSkewed' || error.name === 'RequestExpired'
        ? 'Check the clock of the machine OpsAgent runs on, then try again.'
        : "Sign in again, for example with 'aws sso login', or renew the credentials OpsAgent runs with.";
    case 'aws_invalid':
      return 'AWS refuses the request as it stands. Correct the value it names, then try again.';
  }
}

function waitSeconds(error: Thrown): number {
  const asked = Number(error.$response?.headers['retry-after']);
  return Number.isInteger(asked) && asked > 0 && asked <= 300 ? asked : 5;
}

function factsOf({ sent }: Verdict, error: Thrown, action: string): Record<string, string | number> {
  const status = statusOf(error);
  const requestId = error.$metadata?.requestId;
  return {
    operation: action,
    sent,
    aws_code: (error.Code ?? error.code ?? error.name).replace(/[^\w.-]/g, '').slice(0, 80),
    ...(requestId === undefined ? {} : { request_id: requestId.replace(/[^\w=+/-]/g, '').slice(0, 80) }),
    ...(status === undefined ? {} : { http_status: status }),
  };
}

/** AWS quotes what people typed; the encoded part of a denial is long and of no use in a chat. */
function cleanWords(text: string): string {
  const [words = ''] = text.split('Encoded authorization failure message:');
  return cleanText(redact(words).slice(0, 2000), 300).trim();
}
