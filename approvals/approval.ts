import { z } from 'zod';
import { APPROVAL_STATES, VERDICTS } from '../cards/view.ts';
import type { Kind } from '../store/store.ts';
import { Plan } from './plan.ts';

const Iso = z.string();

const Vote = z.strictObject({
  person: z.string(),
  name: z.string(),
  verdict: z.enum(VERDICTS),
  at: Iso,
  reason: z.string().optional(),
  digest: z.string(),
});
export type CountedVote = z.output<typeof Vote>;

/** Who is executing: lets a restarted process see at once that the holder is dead. */
const Holder = z.strictObject({ host: z.string(), pid: z.number(), boot: z.string() });
export type Holder = z.output<typeof Holder>;

export const Outcome = z.strictObject({
  at: Iso,
  /** What AWS said, for the card. */
  lines: z.array(z.string()),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  request_id: z.string().optional(),
});
export type Outcome = z.output<typeof Outcome>;

/** What looking at AWS after the call showed. */
export const SEEN = ['waiting', 'confirmed', 'contradicted', 'not_seen'] as const;

const Verified = z.strictObject({
  state: z.enum(SEEN),
  at: Iso,
  text: z.string(),
});
export type Verified = z.output<typeof Verified>;

const Place = z.strictObject({ channel: z.string(), id: z.string() });

/** One change from proposal to end: one row, one version, one fence. */
export const Approval = z.strictObject({
  id: z.string(),
  state: z.enum(APPROVAL_STATES),
  plan: Plan,
  digest: z.string(),
  token_hash: z.string(),
  token_used_at: Iso.optional(),
  votes: z.array(Vote),
  correlation_id: z.string(),
  created_at: Iso,
  updated_at: Iso,
  expires_at: Iso,
  /** Approved changes start before this or not at all. */
  exec_deadline: Iso.optional(),
  /** Grows with each claim or loss; a holder of an older one can record nothing. */
  fence: z.number().int(),
  holder: Holder.optional(),
  lease_until: Iso.optional(),
  /** Why it ended without running. */
  ended_because: z.array(z.string()).default([]),
  outcome: Outcome.optional(),
  verified: Verified.optional(),
  /** Where it was asked: the requester hears the outcome there. Absent where nothing can be said later: a program asked. */
  asked_in: Place.optional(),
  /** Where people were asked to approve: they hear the outcome too. */
  asked: z.array(Place).default([]),
  /** How often those who may approve were reminded. */
  reminders: z.number().int().default(0),
  /** In changes stored before the row in `same-proposal.ts` found them; nothing reads it. */
  proposal_key: z.string().optional(),
});
export type Approval = z.output<typeof Approval>;
export type State = Approval['state'];

const LIVE: readonly State[] = ['pending', 'approved', 'executing', 'unknown'];

/** States from which nothing moves on its own any more. */
export const isOver = (state: State): boolean => !LIVE.includes(state);

export const approvalKind: Kind<Approval> = {
  name: 'approval',
  schema: Approval,
  indexes: {
    by_state: ({ state, expires_at }) => ({ partition: state, sort: expires_at }),
    by_list: ({ state, created_at }) => ({ partition: state === 'pending' ? 'pending' : 'decided', sort: created_at }),
    by_update: ({ updated_at }) => ({ partition: 'all', sort: updated_at }),
    by_token: ({ token_hash, created_at }) => ({ partition: token_hash, sort: created_at }),
    by_requester: ({ state, plan, created_at }) =>
      state === 'pending' ? { partition: plan.requester, sort: created_at } : undefined,
    by_target: ({ plan, created_at }) => ({ partition: plan.targets[0]?.arn ?? '', sort: created_at }),
    unverified: ({ verified, lease_until }) =>
      verified?.state === 'waiting' ? { partition: 'all', sort: lease_until ?? '' } : undefined,
  },
};
