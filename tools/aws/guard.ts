import type { Mode } from '../../cards/view.ts';
import { startDeadline } from '../../lib/deadline.ts';
import { type ErrorCode, OpsError } from '../../lib/errors.ts';
import { type AwsApis, OPERATIONS, type Service } from './apis.ts';
import type { WritePermit } from './aws.ts';
import { actionName, mapAwsError } from './errors.ts';
import { requirePermit } from './permit.ts';

/** One finished AWS call, for metrics and logs. */
export interface ObservedCall {
  service: Service;
  operation: string;
  region: string;
  outcome: 'ok' | ErrorCode;
  ms: number;
}

export interface Deadlines {
  readMs: number;
  writeMs: number;
}

export const DEFAULT_DEADLINES: Deadlines = { readMs: 10_000, writeMs: 15_000 };

/** What an AWS operation does to AWS; a tool's effect is wider. */
export type Access = 'read' | 'write';

/** Sends one operation, by its name in `OPERATIONS`; rejects with whatever the vendor throws. */
export type Send = (call: {
  operation: string;
  access: Access;
  input: unknown;
  signal: AbortSignal;
  /** The last thing before it leaves; throws when it may not any more. */
  mayStillGo(): void;
}) => Promise<unknown>;

/** Sends to an object that has the operations as methods. */
export function sendTo(target: object): Send {
  return async ({ operation, input, signal, mayStillGo }) => {
    const method: unknown = Reflect.get(target, operation);
    if (typeof method !== 'function') throw new TypeError(`no operation ${operation}`);
    // Loading the SDK may have taken longer than the caller waited.
    signal.throwIfAborted();
    mayStillGo();
    return Reflect.apply(method, target, [input, { abortSignal: signal }]);
  };
}

/** What holds for every call of one scope. */
export interface Terms {
  region: string;
  mode: Mode;
  signal: AbortSignal;
  permit?: WritePermit;
  deadlines: Deadlines;
  /** Must not throw: the call it tells of has happened. */
  onCall?: (call: ObservedCall) => void;
}

/**
 * The one wrapper around AWS, real or simulated: permit, deadline, error map and observation, in this order.
 * Only operations named in `OPERATIONS` exist on what it returns.
 */
export function guard<S extends Service>(service: S, send: Send, terms: Terms): AwsApis[S] {
  const operations = Object.entries<Access>(OPERATIONS[service]).map(([operation, access]) => [
    operation,
    (input: unknown) => guardedCall({ service, operation, access }, input, send, terms),
  ]);
  // Built from the same table that types AwsApis; TypeScript cannot follow fromEntries.
  return Object.fromEntries(operations) as AwsApis[S];
}

export interface Called {
  service: Service;
  operation: string;
  access: Access;
}

/** One call as `guard` makes it, for a service operation that no tool may reach. */
export async function guardedCall(called: Called, input: unknown, send: Send, terms: Terms): Promise<unknown> {
  const { service, operation, access } = called;
  const started = performance.now();
  const observe = (outcome: ObservedCall['outcome']) =>
    terms.onCall?.({ service, operation, region: terms.region, outcome, ms: performance.now() - started });
  try {
    const mayStillGo = () => {
      if (access === 'write') refuseUnlessPermitted(called, input, terms);
    };
    mayStillGo();
    const output = await withDeadline(called, terms, (signal) =>
      send({ operation, access, input, signal, mayStillGo }),
    );
    observe('ok');
    return output;
  } catch (thrown) {
    const error = mapAwsError(thrown, { ...called, region: terms.region });
    observe(error.code);
    throw error;
  }
}

function refuseUnlessPermitted({ service, operation }: Called, input: unknown, { permit, mode }: Terms): void {
  const action = actionName(service, operation);
  requirePermit(permit, action);
  if (mode !== 'DRY_RUN' || (service === 'ec2' && asksForDryRun(input))) return;
  throw new OpsError('write_without_permit', `DRY_RUN stops before ${action} is sent.`, {
    hint: 'Nothing was sent. Set EXECUTION_MODE=SANDBOX_LIVE to let approved changes through.',
    facts: { operation: action, sent: 'no' },
  });
}

/** Only EC2 knows `DryRun`; any other service would ignore the field and make the change. */
function asksForDryRun(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'DryRun' in input && input.DryRun === true;
}

/** Races the call against its deadline, because credential look-ups inside the SDK do not listen to the signal. */
async function withDeadline<T>(called: Called, terms: Terms, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limitMs = called.access === 'write' ? terms.deadlines.writeMs : terms.deadlines.readMs;
  if (terms.signal.aborted) throw notStarted(called);
  const { signal, over } = startDeadline(limitMs, terms.signal);
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([run(signal), stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    over();
  }
}

function notStarted({ service, operation }: Called): OpsError {
  const action = actionName(service, operation);
  return new OpsError('aws_timeout', `${action} was not sent: the time for the whole request is over.`, {
    hint: 'Try again, with a smaller time window or fewer resources if it happens again.',
    retryable: true,
    facts: { operation: action, sent: 'no' },
  });
}
