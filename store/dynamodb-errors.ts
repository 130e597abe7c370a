import { asOpsError, OpsError } from '../lib/errors.ts';

interface Meaning {
  code: 'store_unavailable' | 'internal';
  what: string;
  hint: string;
  /** 'unknown' when DynamoDB may have done what it was asked without our hearing of it. */
  ended: 'not done' | 'unknown';
  retryable: boolean;
}

const tooBusy = busy(
  'DynamoDB throttles the table',
  'Try again. If it stays so, look at the table’s limits and quotas.',
);
const contended = busy('other processes are writing the same rows', 'Try again.');
const rights = unavailable(
  'this role may not use the table',
  'Allow GetItem, BatchGetItem, Query, PutItem, DeleteItem and ConditionCheckItem on it; `opsagent store check` tries each.',
);
const credentials = unavailable(
  'there are no valid AWS credentials for the table',
  'Renew the credentials that the AWS SDK finds: environment, profile or role.',
);
const unanswered: Meaning = {
  code: 'store_unavailable',
  what: 'DynamoDB does not answer',
  hint: 'Check the network and the Region. Whether the last commit was recorded is known after the next read.',
  ended: 'unknown',
  retryable: true,
};
const refused: Meaning = {
  code: 'internal',
  what: 'DynamoDB refuses the request',
  hint: 'This is a fault in OpsAgent, or more than DynamoDB takes: 400 KB a row, 4 MB and 100 items a commit.',
  ended: 'not done',
  retryable: false,
};

/** By the name of the error, or the code of a reason why a transaction was cancelled. */
const meanings: Readonly<Record<string, Meaning>> = {
  ProvisionedThroughputExceededException: tooBusy,
  ProvisionedThroughputExceeded: tooBusy,
  ThrottlingException: tooBusy,
  ThrottlingError: tooBusy,
  Throttling: tooBusy,
  RequestLimitExceeded: tooBusy,
  TransactionConflictException: contended,
  TransactionConflict: contended,
  TransactionInProgressException: { ...contended, ended: 'unknown' },
  ReplicatedWriteConflictException: contended,
  ResourceNotFoundException: unavailable(
    'there is no such table',
    'Check its name and the Region, or make it: `opsagent store create`.',
  ),
  AccessDeniedException: rights,
  UnrecognizedClientException: credentials,
  InvalidSignatureException: credentials,
  IncompleteSignatureException: credentials,
  ExpiredTokenException: credentials,
  MissingAuthenticationTokenException: credentials,
  CredentialsProviderError: credentials,
  TokenProviderError: credentials,
  ValidationException: refused,
  ValidationError: refused,
  ItemCollectionSizeLimitExceeded: refused,
  InternalServerError: unanswered,
  ServiceUnavailable: unanswered,
  TimeoutError: unanswered,
  AbortError: unanswered,
};

/** Puts an error of DynamoDB, of the SDK or of the network into the words of the house. */
export function mapDynamodbError(thrown: unknown, table: string): OpsError {
  const meaning = meaningOf(thrown);
  if (meaning === undefined) return asOpsError(thrown);
  const { code, what, hint, retryable } = meaning;
  const said = meaning === refused && thrown instanceof Error ? `: ${thrown.message}` : '';
  return new OpsError(code, `${what} (${table})${said}`, {
    hint,
    retryable,
    cause: thrown,
    facts: { aws: nameOf(thrown) },
  });
}

/** What DynamoDB says without an error: it left out a part of a batch. */
export function throttled(table: string): OpsError {
  return mapDynamodbError(
    Object.assign(new Error('a part of a batch was left out'), { name: 'ThrottlingError' }),
    table,
  );
}

/** True when the same request may do better in a moment. */
export function isPassing(thrown: unknown): boolean {
  return meaningOf(thrown)?.retryable ?? false;
}

/** True of what DynamoDB Local does not have. */
export function isUnknownOperation(thrown: unknown): boolean {
  return nameOf(thrown) === 'UnknownOperationException';
}

/** True when a request that ended like this may have been carried out. */
export function mayBeDone(thrown: unknown): boolean {
  return meaningOf(thrown)?.ended === 'unknown';
}

export interface Reason {
  Code?: string;
  Item?: unknown;
}

/** Why each action of a transaction was refused, in the order of the actions; nothing for any other error. */
export function cancellationReasons(thrown: unknown): readonly Reason[] | undefined {
  if (!(thrown instanceof Error && 'CancellationReasons' in thrown)) return undefined;
  return Array.isArray(thrown.CancellationReasons) ? thrown.CancellationReasons : undefined;
}

function meaningOf(thrown: unknown): Meaning | undefined {
  if (!(thrown instanceof Error) || thrown instanceof OpsError) return undefined;
  const known = meanings[nameOf(thrown)];
  if (known !== undefined) return known;
  const status = statusOf(thrown);
  if (status !== undefined) return status >= 500 ? unanswered : refused;
  return 'code' in thrown || 'syscall' in thrown ? unanswered : undefined;
}

/** Of a cancelled transaction: the first reason that is one. */
function nameOf(thrown: unknown): string {
  const reason = cancellationReasons(thrown)?.find(({ Code }) => Code !== undefined && Code in meanings);
  return reason?.Code ?? (thrown instanceof Error ? thrown.name : '');
}

function statusOf(thrown: Error): number | undefined {
  const metadata: unknown = '$metadata' in thrown ? thrown.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function busy(what: string, hint: string): Meaning {
  return { code: 'store_unavailable', what, hint, ended: 'not done', retryable: true };
}

function unavailable(what: string, hint: string): Meaning {
  return { ...busy(what, hint), retryable: false };
}
