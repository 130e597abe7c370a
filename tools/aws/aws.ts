import type { Mode } from '../../cards/view.ts';
import type { AwsApis, Service } from './apis.ts';

/** AWS as one tool call sees it: one account, one Region, its own deadline. Tools never know whether it is real. */
export interface Aws {
  readonly account: { id: string; alias?: string };
  readonly region: string;
  readonly mode: Mode;
  /**
   * The service's operations, scoped, with a deadline on each call and errors mapped to `aws_*` codes.
   * Write operations throw `write_without_permit` unless the executor opened this scope.
   */
  client<S extends Service>(service: S): Promise<AwsApis[S]>;
}

/** Minted by the approval machine when a change starts executing; nothing else can make one. */
export interface WritePermit {
  readonly changeId: string;
  readonly fence: number;
}

/** What a permit opens, beside the moment in which it may be used. */
export interface Grant {
  /** IAM actions of the tool; only those that change AWS are granted. */
  actions: readonly string[];
  /** ARNs of the approved plan. */
  targets: readonly string[];
  /** Id of the person whose yes released the change. */
  approver: string;
  /** ENVIRONMENT: the value that the `Environment` tag must have. */
  environment: string | undefined;
}

export interface ScopeRequest {
  /** Undefined: the configured default Region. */
  region?: string;
  correlationId: string;
  signal: AbortSignal;
  permit?: WritePermit;
}

/** Opens scopes. One instance a process: clients are cached by account, Region and service for life. */
export interface AwsProvider {
  /** @throws OpsError `input_invalid` for a Region that does not exist in this estate */
  open(request: ScopeRequest): Promise<Aws>;
}
