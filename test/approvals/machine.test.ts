import { expect } from 'chai';
import { type Approval, isOver, type State } from '../../approvals/approval.ts';
import { type ChangeEvent, EXEC_WITHIN_MS, LEASE_MS, type Refused, step } from '../../approvals/machine.ts';
import { planDigest } from '../../approvals/plan.ts';
import { APPROVAL_STATES } from '../../cards/view.ts';
import { at, change, outcome, plan, vote } from './changes.ts';
import { NOON } from './house.ts';

const holder = { host: 'h', pid: 1, boot: 'b' };
const verified = { state: 'confirmed', at: at(NOON), text: 'seen' } as const;

/** One of each kind of event; the compiler misses the ones that are forgotten. */
const EVENTS = {
  vote: { type: 'vote', vote: vote('bob') },
  reject: { type: 'vote', vote: vote('bob', 'reject') },
  cancel: { type: 'vote', vote: vote('alice', 'cancel') },
  expire: { type: 'expire' },
  remind: { type: 'remind', reminders: 1, asking: [] },
  invalidate: { type: 'invalidate', because: ['moved'] },
  claim: { type: 'claim', holder },
  finish: { type: 'finish', state: 'succeeded', fence: 1, outcome, verifyMs: 60_000 },
  stale: { type: 'finish', state: 'succeeded', fence: 0, outcome, verifyMs: 60_000 },
  lose: { type: 'lose' },
  reconcile: { type: 'reconcile', state: 'failed', outcome },
  verify: { type: 'verify', verified },
} satisfies Record<ChangeEvent['type'], ChangeEvent> & Record<string, ChangeEvent>;

type EventName = keyof typeof EVENTS;
type Row = Record<EventName, State | Refused>;

const over: Row = {
  vote: 'already_decided',
  reject: 'already_decided',
  cancel: 'already_decided',
  expire: 'not_possible_now',
  remind: 'not_possible_now',
  invalidate: 'not_possible_now',
  claim: 'already_decided',
  finish: 'not_possible_now',
  stale: 'not_possible_now',
  lose: 'not_possible_now',
  reconcile: 'not_possible_now',
  verify: 'not_possible_now',
};

const IN_TIME: Record<State, Row> = {
  pending: {
    ...over,
    ...{ vote: 'approved', reject: 'rejected', cancel: 'cancelled' },
    ...{ expire: 'not_expired', remind: 'pending', invalidate: 'invalidated' },
  },
  approved: {
    ...over,
    ...{
      reject: 'rejected',
      cancel: 'cancelled',
      expire: 'not_expired',
      invalidate: 'invalidated',
      claim: 'executing',
    },
  },
  executing: { ...over, finish: 'succeeded', stale: 'stale_fence', lose: 'unknown' },
  unknown: { ...over, reconcile: 'failed' },
  expired: { ...over, vote: 'expired', reject: 'expired', cancel: 'expired' },
  succeeded: over,
  failed: over,
  rejected: over,
  cancelled: over,
  invalidated: over,
  superseded: over,
  closed_unknown: over,
};

const TOO_LATE: Record<State, Row> = {
  ...IN_TIME,
  pending: {
    ...over,
    ...{
      vote: 'expired',
      reject: 'expired',
      cancel: 'expired',
      expire: 'expired',
      remind: 'expired',
      invalidate: 'invalidated',
    },
  },
  approved: {
    ...over,
    ...{ reject: 'rejected', cancel: 'cancelled' },
    ...{ expire: 'expired', invalidate: 'invalidated', claim: 'too_late_to_execute' },
  },
};

const endOf = (approval: Approval, event: ChangeEvent, now: number) => {
  const stepped = step(approval, event, now);
  return stepped.ok ? stepped.next.state : stepped.refused;
};

describe('machine', () => {
  for (const [title, table, now] of [
    ['in time', IN_TIME, NOON],
    ['after every deadline', TOO_LATE, NOON + 3_600_000],
  ] as const) {
    it(`has one answer for every state and event ${title} [G8]`, () => {
      for (const state of APPROVAL_STATES) {
        for (const name of Object.keys(EVENTS) as EventName[]) {
          expect(endOf(change(state), EVENTS[name], now), `${name} in ${state}`).to.equal(table[state][name]);
        }
      }
    });
  }

  it('changes nothing of what it was given [G8]', () => {
    for (const state of APPROVAL_STATES) {
      for (const event of Object.values(EVENTS)) {
        const before = change(state);
        step(before, event, NOON);
        expect(before).to.deep.equal(change(state));
      }
    }
  });

  it('waits for distinct people until the quorum is there, and burns the token then [G3, G4, G5]', () => {
    const two = { ...plan, quorum: 2 };
    const digest = planDigest(two);
    const cast = (approval: Approval, person: string) =>
      step(approval, { type: 'vote', vote: vote(person, 'approve', digest) }, NOON);

    const first = cast(change('pending', { plan: two }), 'bob');
    const again = first.ok ? cast(first.next, 'bob') : first;
    const second = first.ok ? cast(first.next, 'erin') : first;

    expect(first).to.have.nested.property('next.state', 'pending');
    expect(first).to.not.have.nested.property('next.token_used_at', at(NOON));
    expect(again).to.deep.equal({ ok: false, refused: 'voted_before' });
    expect(second).to.have.nested.property('next.state', 'approved');
    expect(second).to.have.nested.property('next.token_used_at', at(NOON));
    expect(second).to.have.nested.property('next.exec_deadline', at(NOON + EXEC_WITHIN_MS));
  });

  it('counts a vote one millisecond before the expiry and none at it [G5, G8]', () => {
    const expiry = Date.parse(plan.expires_at);
    const ends = [-1, 0, 1].map((ms) => endOf(change('pending'), EVENTS.vote, expiry + ms));

    expect(ends).to.deep.equal(['approved', 'expired', 'expired']);
  });

  it('claims one millisecond before the deadline and not at it [G8]', () => {
    const ends = [-1, 0, 1].map((ms) => endOf(change('approved'), EVENTS.claim, NOON + EXEC_WITHIN_MS + ms));

    expect(ends).to.deep.equal(['executing', 'too_late_to_execute', 'too_late_to_execute']);
  });

  it('refuses a vote for another digest, whoever casts it [G5]', () => {
    for (const verdict of ['approve', 'reject', 'cancel'] as const) {
      const cast = vote('bob', verdict, 'e'.repeat(64));
      expect(endOf(change('pending'), { type: 'vote', vote: cast }, NOON)).to.equal('digest_differs');
    }
  });

  it('takes a missing or garbled deadline for one that has passed [G8]', () => {
    for (const garbled of ['', 'soon', '2026-13-45', 'NaN']) {
      const pending = change('pending', { expires_at: garbled });
      const approved = change('approved', { exec_deadline: garbled });
      expect(endOf(pending, EVENTS.vote, NOON), garbled).to.equal('expired');
      expect(endOf(pending, EVENTS.expire, NOON), garbled).to.equal('expired');
      expect(endOf(approved, EVENTS.claim, NOON), garbled).to.equal('too_late_to_execute');
      expect(endOf(approved, EVENTS.expire, NOON), garbled).to.equal('expired');
    }
    const missing = change('approved', { exec_deadline: undefined });
    expect(endOf(missing, EVENTS.claim, NOON)).to.equal('too_late_to_execute');
    expect(endOf(missing, EVENTS.expire, NOON)).to.equal('expired');
  });

  it('gives a holder a lease and takes it back with the outcome or the loss [G10]', () => {
    const claimed = step(change('approved', { fence: 4 }), EVENTS.claim, NOON);
    const executing = claimed.ok ? claimed.next : change('executing');
    const failed = step(executing, { ...EVENTS.finish, state: 'failed', fence: 5, verifyMs: undefined }, NOON);
    const lost = step(executing, EVENTS.lose, NOON);

    expect(executing).to.deep.include({ fence: 5, holder, lease_until: at(NOON + LEASE_MS) });
    expect(failed).to.have.nested.property('next.holder', undefined);
    expect(lost).to.deep.nested.include({ 'next.fence': 6, 'next.holder': undefined, 'next.lease_until': undefined });
    expect(endOf(lost.ok ? lost.next : executing, { ...EVENTS.finish, fence: 5 }, NOON)).to.equal('not_possible_now');
  });

  it('verifies once, and only what was sent and is waited for [G12]', () => {
    const sent = step(change('executing'), EVENTS.finish, NOON);
    const waiting = sent.ok ? sent.next : change('failed');
    const seen = step(waiting, EVENTS.verify, NOON);

    expect(waiting.verified?.state).to.equal('waiting');
    expect(seen).to.have.nested.property('next.verified.state', 'confirmed');
    expect(endOf(seen.ok ? seen.next : waiting, EVENTS.verify, NOON)).to.equal('not_possible_now');
    expect(endOf(change('succeeded'), EVENTS.verify, NOON)).to.equal('not_possible_now');
  });

  it('calls over what nothing moves on its own [G8]', () => {
    expect(APPROVAL_STATES.filter((state) => !isOver(state))).to.deep.equal([
      'pending',
      'approved',
      'executing',
      'unknown',
    ]);
  });
});
