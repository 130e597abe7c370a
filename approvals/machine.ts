import type { Approval, CountedVote, Holder, Outcome, State, Verified } from './approval.ts';

/** An approved change starts within this or not at all. */
export const EXEC_WITHIN_MS = 120_000;
/** From the claim: what has not left by then is not sent any more, so that a process that stood still sends nothing late. */
export const SEND_WITHIN_MS = 10_000;
/** A holder records its outcome within this or is taken for lost: time to send, the write deadline of 15 s and room to commit. */
export const LEASE_MS = 30_000;

/** Everything that can happen to a change. Who may cause it is policy's question, not the machine's. */
export type ChangeEvent =
  | { type: 'vote'; vote: CountedVote }
  | { type: 'expire' }
  /** Nobody has answered: those asked are reminded, and `asking` is asked too. */
  | { type: 'remind'; reminders: number; asking: Approval['asked'] }
  | { type: 'invalidate'; because: string[] }
  | { type: 'claim'; holder: Holder }
  | { type: 'finish'; state: 'succeeded' | 'failed' | 'unknown'; fence: number; outcome: Outcome; verifyMs?: number }
  | { type: 'lose' }
  /** `verifyMs`: its effect was not looked for yet, and any process may. */
  | { type: 'reconcile'; state: 'succeeded' | 'failed' | 'closed_unknown'; outcome: Outcome; verifyMs?: number }
  | { type: 'verify'; verified: Verified };

/** Why an event has no effect; each is told to the person in words. */
export type Refused =
  | 'already_decided'
  | 'expired'
  | 'not_expired'
  | 'digest_differs'
  | 'voted_before'
  | 'too_late_to_execute'
  | 'stale_fence'
  | 'not_possible_now';

export type Step = { ok: true; next: Approval } | { ok: false; refused: Refused };

const no = (refused: Refused): Step => ({ ok: false, refused });
const iso = (ms: number): string => new Date(ms).toISOString();

/** The machine of SAFETY §5: pure, total, the only place where a state changes. `now` is epoch ms. */
export function step(approval: Approval, event: ChangeEvent, now: number): Step {
  const to = (state: State, patch: Partial<Approval> = {}): Step => ({
    ok: true,
    next: { ...approval, ...patch, state, updated_at: iso(now) },
  });
  switch (event.type) {
    case 'vote':
      return vote(approval, event.vote, now, to);
    case 'expire':
      return expire(approval, now, to);
    case 'remind':
      return remind(approval, event, now, to);
    case 'invalidate':
      return inState(approval, ['pending', 'approved'])
        ? to('invalidated', { ended_because: event.because })
        : no('not_possible_now');
    case 'claim':
      return claim(approval, event.holder, now, to);
    case 'finish':
      return finish(approval, event, now, to);
    case 'lose':
      return inState(approval, ['executing'])
        ? to('unknown', { fence: approval.fence + 1, ...released })
        : no('not_possible_now');
    case 'reconcile':
      return reconcile(approval, event, now, to);
    case 'verify':
      return inState(approval, ['succeeded']) && approval.verified?.state === 'waiting'
        ? to('succeeded', { verified: event.verified, ...released })
        : no('not_possible_now');
  }
}

const released = { holder: undefined, lease_until: undefined };

type To = (state: State, patch?: Partial<Approval>) => Step;

function inState(approval: Approval, states: readonly State[]): boolean {
  return states.includes(approval.state);
}

function vote(approval: Approval, cast: CountedVote, now: number, to: To): Step {
  const denies = cast.verdict !== 'approve';
  // A denial still wins after the quorum, until the executor has claimed.
  if (!inState(approval, denies ? ['pending', 'approved'] : ['pending'])) {
    return no(approval.state === 'expired' ? 'expired' : 'already_decided');
  }
  if (approval.state === 'pending' && !(now < Date.parse(approval.expires_at))) return no('expired');
  if (cast.digest !== approval.digest) return no('digest_differs');
  if (cast.verdict === 'cancel') return to('cancelled', { votes: [...approval.votes, cast] });
  if (cast.verdict === 'reject') return to('rejected', { votes: [...approval.votes, cast] });
  if (approval.votes.some(({ person }) => person === cast.person)) return no('voted_before');

  const votes = [...approval.votes, cast];
  const people = new Set(votes.map(({ person }) => person));
  if (people.size < approval.plan.quorum) return to('pending', { votes });
  return to('approved', { votes, token_used_at: iso(now), exec_deadline: iso(now + EXEC_WITHIN_MS) });
}

/** A deadline that cannot be read has passed. */
function expire(approval: Approval, now: number, to: To): Step {
  if (approval.state === 'pending') return now < Date.parse(approval.expires_at) ? no('not_expired') : to('expired');
  if (approval.state !== 'approved') return no('not_possible_now');
  return now < Date.parse(approval.exec_deadline ?? '')
    ? no('not_expired')
    : to('expired', { ended_because: ['It was approved but could not start in time.'] });
}

/** Once for each time it falls due: two processes that remind together remind once. */
function remind(approval: Approval, event: Extract<ChangeEvent, { type: 'remind' }>, now: number, to: To): Step {
  if (approval.state !== 'pending' || approval.reminders !== event.reminders - 1) return no('not_possible_now');
  if (!(now < Date.parse(approval.expires_at))) return no('expired');
  return to('pending', { reminders: event.reminders, asked: [...approval.asked, ...event.asking] });
}

function claim(approval: Approval, holder: Holder, now: number, to: To): Step {
  if (approval.state !== 'approved') return no('already_decided');
  // A deadline that is missing or unreadable compares false: closed.
  if (!(now < Date.parse(approval.exec_deadline ?? ''))) return no('too_late_to_execute');
  return to('executing', { fence: approval.fence + 1, holder, lease_until: iso(now + LEASE_MS) });
}

function reconcile(approval: Approval, event: Extract<ChangeEvent, { type: 'reconcile' }>, now: number, to: To): Step {
  if (approval.state !== 'unknown') return no('not_possible_now');
  const { state, outcome, verifyMs } = event;
  if (state !== 'succeeded' || verifyMs === undefined) return to(state, { outcome });
  return to(state, { outcome, verified: toBeSeen(now), lease_until: iso(now) });
}

const toBeSeen = (now: number): Verified => ({ state: 'waiting', at: iso(now), text: 'Checking the effect…' });

function finish(approval: Approval, event: Extract<ChangeEvent, { type: 'finish' }>, now: number, to: To): Step {
  if (approval.state !== 'executing') return no('not_possible_now');
  if (approval.fence !== event.fence) return no('stale_fence');
  if (event.state !== 'succeeded' || event.verifyMs === undefined)
    return to(event.state, { outcome: event.outcome, ...released });
  return to('succeeded', {
    outcome: event.outcome,
    verified: toBeSeen(now),
    // Its holder looks that long; a dead one is found sooner by its process id.
    lease_until: iso(now + event.verifyMs),
  });
}
