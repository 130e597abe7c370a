import { expect } from 'chai';
import fc from 'fast-check';
import type { OwnKey, RecordedChange, RecordedEvent, Span } from '../../../tools/records.ts';
import { sortOut } from '../../../tools/reports/approvals.ts';
import { perStep } from '../../../tools/reports/buckets.ts';
import { decisionOf, isIn, tooFast } from '../../../tools/reports/decisions.ts';
import { durationText } from '../../../tools/reports/duration.ts';
import { type AccessKey, TOO_OLD_DAYS, verdictOn } from '../../../tools/reports/keys.ts';
import { endOf, tally } from '../../../tools/reports/operations.ts';
import { verdictOnOwn } from '../../../tools/reports/own-keys.ts';
import { median, quantile } from '../../../tools/reports/quantile.ts';
import { NOON } from '../bench.ts';

const DAY = 86_400_000;
const span: Span = { from: NOON - 7 * DAY, to: NOON };

const event: fc.Arbitrary<RecordedEvent> = fc.record({
  at: fc.integer({ min: span.from, max: span.to - 1 }),
  type: fc.constantFrom(
    ...['request_received', 'tool_call_executed', 'approval_requested', 'access_denied', 'token_refused'],
    ...['change_outcome', 'change_reconciled', 'error_occurred', 'vote_recorded'],
  ),
  person: fc.option(fc.constantFrom('alice@example.com', 'bob@example.com', 'unknown', '__proto__'), {
    nil: undefined,
  }),
  tool: fc.option(fc.constantFrom('reboot_ec2', 'list_alarms', 'constructor'), { nil: undefined }),
  outcome: fc.constantFrom('done', 'started', 'succeeded', 'failed', 'unknown', 'closed_unknown', 'pending'),
});

const vote = fc.record({
  person: fc.constantFrom('bob', 'erin', 'dave'),
  verdict: fc.constantFrom('approve', 'reject', 'cancel'),
  at: fc.integer({ min: span.from - DAY, max: span.to + DAY }),
});
const change: fc.Arbitrary<RecordedChange> = fc.record({
  id: fc.uuid(),
  action: fc.constant('Reboot'),
  state: fc.constantFrom('pending', 'succeeded', 'expired', 'rejected', 'cancelled'),
  risk: fc.constantFrom('low' as const, 'medium' as const, 'high' as const, 'critical' as const),
  requester: fc.constant('alice'),
  quorum: fc.integer({ min: 1, max: 3 }),
  createdAt: fc.integer({ min: span.from - DAY, max: span.to }),
  updatedAt: fc.integer({ min: span.from - DAY, max: span.to }),
  expiresAt: fc.integer({ min: span.from - DAY, max: span.to + DAY }),
  votes: fc.array(vote, { maxLength: 4 }),
});

describe('the counting of reports', () => {
  it('puts every record that counts into exactly one cell, whatever names it by [A7]', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const counted = events.filter((one) => endOf(one) !== undefined);
        for (const nameOf of [(one: RecordedEvent) => one.tool ?? '', (one: RecordedEvent) => one.person ?? '']) {
          const sums = tally(events, nameOf);
          const total = sums.reduce(
            (all, { done, proposed, refused, failed }) => all + done + proposed + refused + failed,
            0,
          );

          expect(total).to.equal(counted.length);
          expect(new Set(sums.map(({ name }) => name)).size).to.equal(sums.length);
        }
      }),
    );
  });

  it('counts a change once as proposed and once by how it ended, and a workflow once [A7]', () => {
    const story: Pick<RecordedEvent, 'type' | 'outcome'>[] = [
      { type: 'request_received', outcome: 'received' },
      { type: 'approval_requested', outcome: 'pending' },
      { type: 'approval_granted', outcome: 'approved' },
      { type: 'change_intent', outcome: 'executing' },
      { type: 'change_lost', outcome: 'unknown' },
      { type: 'change_reconciled', outcome: 'succeeded' },
      { type: 'change_verified', outcome: 'confirmed' },
      { type: 'tool_call_executed', outcome: 'started' },
      { type: 'tool_call_executed', outcome: 'done' },
    ];

    expect(story.flatMap((one) => endOf(one) ?? [])).to.deep.equal(['proposed', 'done', 'done']);
  });

  it('loses no moment between its days and hours, and shows no number before it began to count [A7]', () => {
    const length = fc.integer({ min: 60_000, max: 90 * DAY });
    const places = fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { maxLength: 100 });
    fc.assert(
      fc.property(length, places, fc.double({ min: 0, max: 1, noNaN: true }), (ms, shares, cut) => {
        const own = { from: NOON - ms, to: NOON };
        const moments = shares.map((share) => own.from + Math.floor(share * ms));
        const since = own.from + Math.floor(cut * ms);

        const whole = perStep(own, own.from, moments);
        const late = perStep(own, since, moments);

        expect(whole.reduce((sum, { value }) => sum + (value ?? Number.NaN), 0)).to.equal(moments.length);
        for (const { at, value } of late) {
          if (value !== null && since > own.from) expect(Date.parse(at)).to.be.at.least(since);
        }
        expect(late.map(({ at }) => at)).to.deep.equal(whole.map(({ at }) => at));
      }),
    );
  });

  it('takes as decided what was rejected, or approved as often as needed, and never before it was asked [A7]', () => {
    fc.assert(
      fc.property(change, (one) => {
        const decision = decisionOf(one);
        const yes = one.votes.filter(({ verdict }) => verdict === 'approve').length;
        const rejected = one.votes.some(({ verdict }) => verdict === 'reject');

        expect(decision?.verdict).to.equal(rejected ? 'reject' : yes >= one.quorum ? 'approve' : undefined);
        expect(decision?.tookMs ?? 0).to.be.at.least(0);
      }),
    );
  });

  it('counts a yes that came within two seconds, in the span only [A7]', () => {
    const at = (ms: number, verdict: string) => ({ person: 'bob', verdict, at: NOON - DAY + ms });
    const [base] = fc.sample(change, 1);
    const asked = {
      ...base,
      createdAt: NOON - DAY,
      votes: [at(1_999, 'approve'), at(2_000, 'approve'), at(1, 'reject')],
    };

    expect(tooFast([asked as RecordedChange], span)).to.equal(1);
    expect(tooFast([asked as RecordedChange], { from: NOON - DAY + 2_000, to: NOON })).to.equal(0);
  });

  it('has a change wait or be expired, never both, and none twice [A7]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(change, { selector: ({ id }) => id, maxLength: 40 }), (changes) => {
        // A change that moves between two readings stands in both lists.
        const pending = changes.map((one) => ({ ...one, state: 'pending' }));

        const { waiting, expired } = sortOut({ pending, moved: changes }, span, NOON);

        const ids = [...waiting, ...expired].map(({ id }) => id);
        expect(new Set(ids).size).to.equal(ids.length);
        expect(waiting.every(({ expiresAt }) => expiresAt > NOON)).to.equal(true);
        for (const { state, updatedAt, expiresAt } of expired) {
          expect(isIn(span, state === 'expired' ? updatedAt : expiresAt)).to.equal(true);
        }
      }),
    );
  });

  it('has a median with as many below as above, and a quantile that was really there [A7]', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const middle = median(all) ?? Number.NaN;
        const reached = quantile(all, share) ?? Number.NaN;

        expect(all.filter((one) => one < middle).length).to.be.at.most(all.length / 2);
        expect(all.filter((one) => one > middle).length).to.be.at.most(all.length / 2);
        expect(all).to.include(reached);
        expect(all.filter((one) => one <= reached).length / all.length).to.be.at.least(share - 1e-9);
      }),
    );
    expect([median([]), quantile([], 0.95)]).to.deep.equal([undefined, undefined]);
  });

  it('calls no active key in order that is older than 90 days, and none to be rotated that is younger [A7]', () => {
    const key: fc.Arbitrary<AccessKey> = fc.record({
      user: fc.constant('ci'),
      ending: fc.constant('ABCD'),
      isActive: fc.boolean(),
      ageDays: fc.integer({ min: 0, max: 2_000 }),
      idleDays: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(key, (one) => {
        const isFine = one.isActive && one.ageDays <= TOO_OLD_DAYS;

        expect(verdictOn(one).status === 'good').to.equal(isFine);
      }),
    );
  });

  it('warns of a key of its own before it ends or when it is a year old, and names the repair [A7]', () => {
    const repair = 'make the next';
    const cases: [Partial<OwnKey>, string][] = [
      [{}, 'in order'],
      [{ since: NOON - 365 * DAY, endsAt: NOON + 14 * DAY }, 'in order'],
      [{ since: NOON - 366 * DAY }, 'older than a year: make the next'],
      [{ endsAt: NOON + 14 * DAY - 1 }, 'ends in 13 days: make the next'],
      [{ endsAt: NOON + DAY }, 'ends in 1 day: make the next'],
      [{ since: NOON - 900 * DAY, endsAt: NOON }, 'expired: make the next'],
    ];

    for (const [key, text] of cases)
      expect(verdictOnOwn({ name: 'k', repair, ...key }, NOON).text, JSON.stringify(key)).to.equal(text);
  });

  const durations: [number, string][] = [
    [-5, '0 s'],
    [0, '0 s'],
    [1_449, '1.4 s'],
    [9_999, '10 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [130_000, '2 min 10 s'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [100 * DAY + 3_600_000, '100 d 1 h'],
  ];
  for (const [ms, text] of durations) {
    it(`says ${text} for ${ms} ms [A7]`, () => {
      expect(durationText(ms)).to.equal(text);
    });
  }
});
