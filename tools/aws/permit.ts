import { OpsError } from '../../lib/errors.ts';
import type { WritePermit } from './aws.ts';

const minted = new WeakSet<WritePermit>();

/** Called by the approval machine once per execution, after INTENT is stored. A look-alike object is not a permit. */
export function mintPermit(changeId: string, fence: number): WritePermit {
  const permit = Object.freeze({ changeId, fence });
  minted.add(permit);
  return permit;
}

/** @throws OpsError `write_without_permit` when there is no permit, or one that was not minted here */
export function requirePermit(permit: WritePermit | undefined, action: string): void {
  if (permit && minted.has(permit)) return;
  throw new OpsError('write_without_permit', `${action} changes AWS and was called outside an approved change.`, {
    hint: 'Nothing was sent. Ask for the change in the chat; it runs after someone approves it.',
    facts: { operation: action, sent: 'no' },
  });
}
