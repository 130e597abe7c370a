import { asOpsError, OpsError } from '../lib/errors.ts';
import type { Job } from './sqlite-write.ts';
import type { Committed } from './store.ts';

/** What is said between a store and its thread for commits. An error crosses as plain facts: a class does not survive the way. */
export type Asked = { type: 'commit'; jobs: readonly Job[]; now: number } | { type: 'close' };

export type Answer =
  | { type: 'ready' }
  | { type: 'log'; facts: object; message: string }
  | { type: 'committed'; results: Result[] }
  | { type: 'failed'; error: PlainError };

export type PlainError = Pick<OpsError, 'code' | 'message' | 'hint' | 'retryable' | 'facts'>;
type Result = { committed: Committed } | { error: PlainError };

export function plain(thrown: unknown): PlainError {
  const { code, message, hint, retryable, facts } = asOpsError(thrown);
  return { code, message, hint, retryable, facts };
}

export function resultOf(settled: PromiseSettledResult<Committed>): Result {
  return settled.status === 'fulfilled' ? { committed: settled.value } : { error: plain(settled.reason) };
}

export function settledOf(result: Result): PromiseSettledResult<Committed> {
  if ('committed' in result) return { status: 'fulfilled', value: result.committed };
  return { status: 'rejected', reason: revived(result.error) };
}

export function revived({ code, message, ...details }: PlainError): OpsError {
  return new OpsError(code, message, details);
}
