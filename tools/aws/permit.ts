import { OpsError } from '../../lib/errors.ts';
import type { WritePermit } from './aws.ts';

/** Permit → whether it may still be used. */
const minted = new WeakMap<WritePermit, () => boolean>();

/**
 * Called by the approval machine once per execution, after INTENT is stored. A look-alike object is not a permit.
 * `inTime` is asked right before anything is sent: a process may have stood still since.
 */
export function mintPermit(changeId: string, fence: number, inTime: () => boolean): WritePermit {
  const permit = Object.freeze({ changeId, fence });
  minted.set(permit, inTime);
  return permit;
}

/** @throws OpsError `write_without_permit` when there is no permit, one that was not minted here, or one whose time is over */
export function requirePermit(permit: WritePermit | undefined, action: string): void {
  const inTime = permit && minted.get(permit);
  if (inTime?.()) return;
  if (inTime) throw tooLate(action);
  throw new OpsError('write_without_permit', `${action} changes AWS and was called outside an approved change.`, {
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
