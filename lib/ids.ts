import { hash, randomBytes, randomUUID } from 'node:crypto';

/** `<prefix>-<12 hex>`: short enough to say aloud, random enough never to meet twice in one store. */
export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** One id from message to AWS session name to notification (A1). */
export function newCorrelationId(): string {
  return randomUUID();
}

/** `approve-` and 256 random bits in base64url (G5). Only its hash is ever stored. */
export function newApprovalToken(): string {
  return `approve-${randomBytes(32).toString('base64url')}`;
}

export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
