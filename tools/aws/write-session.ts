import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/ids.ts';
import type { Grant, WritePermit } from './aws.ts';
import { guardedCall, type Send, type Terms } from './guard.ts';
import { grantOf } from './permit.ts';
import { sessionPolicy } from './session-policy.ts';
import { isWriteAction } from './write-actions.ts';

/** The role that changes are made with. */
export interface WriteRole {
  arn: string;
  externalId?: string;
  /** Only where the trust policy of the role allows `sts:TagSession`. */
  sessionTags: boolean;
}

/** The shortest time AWS gives; a change takes seconds. */
const SESSION_SECONDS = 900;

const Credentials = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1),
});
export type SessionCredentials = z.output<typeof Credentials>;

interface Change {
  permit: WritePermit;
  correlationId: string;
  /** To STS, in the Region the process starts from. */
  send: Send;
  /** The account that was read and planned for. */
  account: string;
}

/**
 * Credentials for one change and nothing else: the session is named after the change, so that CloudTrail tells whose call it was.
 *
 * @throws OpsError `write_without_permit` without a permit or with one that grants nothing; `config_invalid` for a role of another
 *   account; `aws_*` as mapped. The change itself was not sent.
 */
export async function assumeWriteRole(
  role: WriteRole,
  { permit, correlationId, send, account }: Change,
  terms: Terms,
): Promise<SessionCredentials> {
  const input = assumeRoleInput(role, permit, correlationId);
  if (role.arn.split(':')[4] !== account) throw foreignRole(role.arn, account);
  // It changes nothing, so it may be tried again as a read may.
  const call = { service: 'sts', operation: 'assumeRole', access: 'read' } as const;
  return readCredentials(await guardedCall(call, input, send, terms));
}

/** What STS is asked for. Names and tags are ids and hashes, nothing a person wrote. */
export function assumeRoleInput(
  { arn, externalId, sessionTags }: WriteRole,
  permit: WritePermit,
  correlationId: string,
): AssumeRoleCommandInput {
  const grant = grantOf(permit, 'sts:AssumeRole');
  const principal = principalOf(grant.approver);
  return {
    RoleArn: arn,
    RoleSessionName: permit.changeId,
    SourceIdentity: principal,
    DurationSeconds: SESSION_SECONDS,
    Policy: sessionPolicy(grant),
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(sessionTags && tagsOf(grant, correlationId, principal)),
  };
}

/** Who said yes, for records outside the house: the first 32 hex digits of the SHA-256 of the person's id. */
export function principalOf(person: string): string {
  return sha256Hex(person).slice(0, 32);
}

function tagsOf({ actions }: Grant, correlationId: string, principal: string) {
  const tags = {
    OpsAgentRequest: correlationId,
    OpsAgentApprover: principal,
    OpsAgentAction: actions.filter(isWriteAction).join(' '),
  };
  return {
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: Object.keys(tags),
  };
}

const Answer = z
  .object({
    Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
  })
  .transform(({ Credentials: { AccessKeyId, SecretAccessKey, SessionToken } }) => ({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }))
  .pipe(Credentials);

function readCredentials(answer: unknown): SessionCredentials {
  const { data } = Answer.safeParse(answer);
  if (data) return data;
  throw new OpsError('aws_error', 'sts:AssumeRole gave no credentials.', {
    hint: 'Nothing was changed. Check AWS_ENDPOINT_URL: it may not lead to AWS.',
    facts: { operation: 'sts:AssumeRole', sent: 'no' },
  });
}

function foreignRole(arn: string, account: string): OpsError {
  return new OpsError('config_invalid', `AWS_WRITE_ROLE_ARN ${arn} is not a role of account ${account}.`, {
    hint: `Nothing was sent. Name a role of ${account}, or give OpsAgent credentials of the role's own account.`,
    facts: { sent: 'no' },
  });
}
