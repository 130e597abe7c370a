import { OpsError } from '../../lib/errors.ts';
import type { Grant, WritePermit } from './aws.ts';

interface Minted {
  inTime: () => boolean;
  grant: Grant | undefined;
}

const minted = new WeakMap<WritePermit, Minted>();

/**
 * Called by the approval machine once per execution, after INTENT is stored. A look-alike object is not a permit.
 * `inTime` is asked right before anything is sent: a process may have stood still since. Without a grant it opens no session
 * of the write role.
 */
export function mintPermit(changeId: string, fence: number, inTime: () => boolean, grant?: Grant): WritePermit {
  const permit = Object.freeze({ changeId, fence });
  minted.set(permit, { inTime, grant: grant && Object.freeze({ ...grant }) });
  return permit;
}

/** @throws OpsError `write_without_permit` when there is no permit, one that was not minted here, or one whose time is over */
export function requirePermit(permit: WritePermit | undefined, action: string): void {
  const known = permit && minted.get(permit);
  if (known?.inTime()) return;
  if (known) throw tooLate(action);
  throw outsideAChange(action);
}

/** @throws OpsError `write_without_permit` as `requirePermit` does, and for a permit that grants nothing */
export function grantOf(permit: WritePermit, action: string): Grant {
  requirePermit(permit, action);
  const grant = minted.get(permit)?.grant;
  if (grant) return grant;
  throw outsideAChange(action);
}

function outsideAChange(action: string): OpsError {
  return new OpsError('write_without_permit', `${action} changes AWS and was called outside an approved change.`, {
    hint: 'Nothing was sent. Ask for the change in the chat; it runs after someone approves it.',
    facts: { operation: action, sent: 'no' },
  });
}

function tooLate(action: string): OpsError {
  return new OpsError('write_without_permit', `${action} was not sent: OpsAgent stood still and its time was over.`, {
    hint: 'Nothing was changed. Look at the resource, then propose the change again.',
    facts: { operation: action, sent: 'no' },
  });
}
