import { z } from 'zod';
import { APPROVAL_STATES } from '../cards/view.ts';
import { digest, type JsonObject } from '../lib/json.ts';
import type { Kind } from '../store/store.ts';
import { SEEN } from './approval.ts';

/** Everything that is worth a record (A4). `change_intent` is committed before a call to AWS, `change_outcome` after it. */
export const AUDIT_TYPES = [
  'request_received',
  'tool_call_executed',
  'approval_requested',
  'approval_reminded',
  'vote_recorded',
  'approval_granted',
  'approval_denied',
  'approval_cancelled',
  'approval_expired',
  'change_invalidated',
  'change_intent',
  'change_outcome',
  'change_verified',
  'change_lost',
  'change_reconciled',
  'account_linked',
  'signed_in',
  'signed_out',
  'access_denied',
  'token_refused',
  'changes_paused',
  'changes_resumed',
  'model_replied',
  'error_occurred',
] as const;

/** How what is recorded ended: a call's own outcome, a change's state, or what verification saw. */
export const AUDIT_OUTCOMES = ['received', 'started', 'done', 'denied', ...APPROVAL_STATES, ...SEEN] as const;

const Text = z.string();

const Actor = z.strictObject({
  person: Text,
  name: Text,
  channel: Text,
  user_id: Text,
  auth: Text,
  /** When a person proved to the sign-in service who they are, where the door knows. */
  signed_in_at: Text.optional(),
});
export type AuditActor = z.output<typeof Actor>;

/** What the writer of a record knows; the chain adds the rest and takes the secrets out. */
const Facts = z.strictObject({
  type: z.enum(AUDIT_TYPES),
  correlation_id: Text,
  actor: Actor.optional(),
  origin: Text.optional(),
  turn_id: Text.optional(),
  tool: Text.optional(),
  params: z.record(z.string(), z.json()).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  summary: Text,
  change_id: Text.optional(),
  from: Text.optional(),
  to: Text.optional(),
  version: z.number().optional(),
  fence: z.number().optional(),
  plan_digest: Text.optional(),
  snapshot_hash: Text.optional(),
  policy_hash: Text.optional(),
  targets: z.array(Text).optional(),
  account: Text.optional(),
  region: Text.optional(),
  mode: Text.optional(),
  rule: Text.optional(),
  error_code: Text.optional(),
  aws: z.strictObject({ request_id: Text.optional(), code: Text.optional() }).optional(),
  /** What a model was asked with, and what one turn of it cost. */
  model: z
    .strictObject({
      name: Text,
      prompt_hash: Text,
      tools_hash: Text,
      calls: z.number().int(),
      input_tokens: z.number().int(),
      output_tokens: z.number().int(),
      cost_usd: z.number(),
    })
    .optional(),
});
export type AuditFacts = z.output<typeof Facts>;

export const AuditRecord = Facts.extend({
  v: z.literal(1),
  chain: Text,
  seq: z.number().int(),
  prev_hash: Text,
  ts: Text,
  node: Text,
  build: Text,
  hash: Text,
});
export type AuditRecord = z.output<typeof AuditRecord>;

/** The hash of what stands before the first record. */
export const GENESIS = '0'.repeat(64);

/** SHA-256 over the canonical record without its own hash; `prev_hash` is inside, so every record vouches for all before it. */
export function recordHash(record: Omit<AuditRecord, 'hash'>): string {
  return digest('audit.v1', record as JsonObject);
}

const RETENTION_YEARS = 7;
/**
 * Later than a record may be gone it is cleaned up: then the first that is left is, in a record that goes on, past its retention too,
 * which tells clean-up from removal.
 */
const CLEANED_UP_AFTER_MS = 30 * 24 * 3_600_000;

/** From when on a record may be gone, epoch ms: seven calendar years after it was written. */
export function keptUntil({ ts }: Pick<AuditRecord, 'ts'>): number {
  const end = new Date(ts);
  return end.setUTCFullYear(end.getUTCFullYear() + RETENTION_YEARS);
}

/** Sort texts keep numeric order. */
export const seqKey = (seq: number): string => String(seq).padStart(12, '0');

/** In a list that several chains enter, time comes first: numbers of two chains say nothing about each other. */
const sortOf = ({ chain, seq, ts }: AuditRecord): string =>
  chain === CHAIN ? seqKey(seq) : `${ts} ${chain} ${seqKey(seq)}`;

export const auditKind: Kind<AuditRecord> = {
  name: 'audit',
  schema: AuditRecord,
  indexes: {
    by_chain: ({ chain, seq }) => ({ partition: chain, sort: seqKey(seq) }),
    by_person: (record) => record.actor && { partition: record.actor.person, sort: sortOf(record) },
    by_tool: (record) => (record.tool ? { partition: record.tool, sort: sortOf(record) } : undefined),
    by_change: (record) => (record.change_id ? { partition: record.change_id, sort: sortOf(record) } : undefined),
  },
  expiresAt: (record) => keptUntil(record) + CLEANED_UP_AFTER_MS,
};

const Head = z.strictObject({ seq: z.number().int(), hash: Text });
export type ChainHead = z.output<typeof Head>;

/** One row a chain: two writers cannot both move it, so the chain cannot fork. */
export const headKind: Kind<ChainHead> = { name: 'audit_head', schema: Head, indexes: {} };

/** The chain of a store that has one. */
export const CHAIN = 'main';
