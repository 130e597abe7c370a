import { expect } from 'chai';
import fc from 'fast-check';
import { type Approval, isOver } from '../../approvals/approval.ts';
import { type ChangeEvent, step } from '../../approvals/machine.ts';
import { planDigest } from '../../approvals/plan.ts';
import { at, change, outcome, plan, vote } from './changes.ts';
import { NOON } from './house.ts';

const person = fc.constantFrom('alice', 'bob', 'dave', 'erin', 'Bob', 'bob ');

function events(digest: string): fc.Arbitrary<ChangeEvent> {
  const cast = fc.record({ person, verdict: fc.constantFrom(...Array(24).fill('approve'), 'reject', 'cancel') });
  return fc.oneof(
    {
      weight: 14,
      arbitrary: cast.map(
        ({ person: who, verdict }): ChangeEvent => ({ type: 'vote', vote: vote(who, verdict as 'approve', digest) }),
      ),
    },
    person.map((who): ChangeEvent => ({ type: 'vote', vote: vote(who, 'approve', 'f'.repeat(64)) })),
    { weight: 5, arbitrary: fc.constant<ChangeEvent>({ type: 'claim', holder: { host: 'h', pid: 1, boot: 'b' } }) },
    {
      weight: 3,
      arbitrary: fc
        .record({
          state: fc.constantFrom('succeeded', 'failed', 'unknown'),
          fence: fc.integer({ min: 0, max: 4 }),
          verify: fc.boolean(),
        })
        .map((part): ChangeEvent => ({ type: 'finish', outcome, ...part }) as ChangeEvent),
    },
    fc.constant<ChangeEvent>({ type: 'expire' }),
    fc.integer({ min: 1, max: 3 }).map((reminders): ChangeEvent => ({ type: 'remind', reminders, asking: [] })),
    fc.constant<ChangeEvent>({ type: 'invalidate', because: ['moved'] }),
    fc.constant<ChangeEvent>({ type: 'lose' }),
    fc.constantFrom<ChangeEvent>(
      { type: 'reconcile', state: 'succeeded', outcome },
      { type: 'reconcile', state: 'closed_unknown', outcome },
    ),
    fc.constant<ChangeEvent>({ type: 'verify', verified: { state: 'confirmed', at: at(NOON), text: 'seen' } }),
  );
}

const walk = (quorum: number) => {
  const start = change('pending', { plan: { ...plan, quorum }, fence: 0 });
  const moves = fc.array(fc.tuple(events(planDigest(start.plan)), fc.constantFrom(0, 0, 0, 1_000, 60_000, 119_999)), {
    maxLength: 40,
  });
  return { start, moves };
};

function assertHolds(before: Approval, after: Approval, now: number): void {
  if (isOver(before.state)) expect(after.state, 'an ended change moves').to.equal(before.state);
  expect(after.fence, 'the fence shrinks').to.be.at.least(before.fence);
  expect(after.digest).to.equal(before.digest);
  expect(after.plan).to.equal(before.plan);
  if (after.state !== 'executing' || before.state === 'executing') return;
  const people = after.votes.filter(({ verdict }) => verdict === 'approve').map(({ person: who }) => who);
  expect(before.state).to.equal('approved');
  expect(after.fence).to.equal(before.fence + 1);
  expect(new Set(people).size, 'executes without its quorum').to.be.at.least(after.plan.quorum);
  expect(now, 'executes after its deadline').to.be.below(Date.parse(after.exec_deadline ?? ''));
  expect(after.votes.every(({ digest, verdict }) => digest === after.digest && verdict === 'approve')).to.equal(true);
}

describe('machine, walked at random', () => {
  for (const quorum of [1, 2]) {
    it(`never runs without ${quorum} distinct people, never leaves an end, and its fence only grows [G3, G4, G8]`, () => {
      const { start, moves } = walk(quorum);
      const reached = new Set<string>();
      fc.assert(
        fc.property(moves, (steps) => {
          let current = start;
          let now = NOON;
          for (const [event, wait] of steps) {
            now += wait;
            const stepped = step(current, event, now);
            if (!stepped.ok) continue;
            assertHolds(current, stepped.next, now);
            current = stepped.next;
            reached.add(current.state);
          }
        }),
        { numRuns: 3_000, seed: 20_261_120 },
      );
      expect([...reached], 'the walk never came that far').to.include.members([
        ...[
          'approved',
          'executing',
          'succeeded',
          'failed',
          'unknown',
          'rejected',
          'cancelled',
          'expired',
          'invalidated',
        ],
      ]);
    });
  }
});
