import { expect } from 'chai';
import { movableClock } from '../store/movable-clock.ts';
import {
  approveAll,
  CALLS,
  caller,
  createHouse,
  decide,
  NOON,
  posts,
  propose,
  records,
  ruleOf,
  stored,
} from './house.ts';
import { slowCommit } from './slow-commit.ts';

const EXPIRY = NOON + 15 * 60_000;

describe('decision', () => {
  it('counts from a person of the right role and from nobody else [G3]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.high);

    const viewer = await decide(house, 'carol', id);
    const stranger = await decide(house, 'mallory', id);
    const right = await decide(house, 'dave', id);

    expect([ruleOf(viewer), ruleOf(stranger)]).to.deep.equal(['approve-high', 'approve-high']);
    expect(viewer.view).to.have.property('whoMay', 'admin, ops-lead or senior-engineer');
    expect(right.status).to.equal('pending');
    expect((await stored(house, id)).votes).to.have.length(1);
  });

  it('lets a requester approve a low or medium change outside production, never a high one or production [G4]', async () => {
    const house = await createHouse();
    const low = await propose(house, CALLS.low);
    const medium = await propose(house, CALLS.medium);
    const high = await propose(house, CALLS.high, 'erin');
    const inProduction = await propose(
      house,
      { tool: 'scale_ecs_service', input: { cluster: 'main', service: 'checkout', desired_count: 6 } },
      'erin',
    );

    await decide(house, 'alice', low.id);
    await decide(house, 'alice', medium.token);
    await house.gate.idle();

    expect((await stored(house, low.id)).state).to.equal('succeeded');
    expect((await stored(house, medium.id)).state).to.equal('succeeded');
    expect(inProduction.view.risk).to.equal('medium');
    for (const { id, token } of [high, inProduction])
      for (const by of [id, token]) expect(ruleOf(await decide(house, 'erin', by))).to.equal('own-change');
  });

  it('takes two distinct people for a high risk, the same person twice is one [G3, G4]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.high);

    await decide(house, 'dave', id);
    const byToken = await decide(house, 'dave', token);
    const fromElsewhere = await house.gate.decide(
      { verdict: 'approve', by: { approvalId: id } },
      caller('dave', { channel: 'slack', userId: 'U0DAVE', conversation: { channel: 'slack', id: 'C1' } }),
    );
    const waiting = await stored(house, id);
    const after = await approveAll(house, id, 'bob');

    expect([ruleOf(byToken), ruleOf(fromElsewhere)]).to.deep.equal(['one-vote-each', 'one-vote-each']);
    expect(waiting.state).to.equal('pending');
    expect(waiting.token_used_at).to.equal(undefined);
    expect(after.state).to.equal('succeeded');
    expect(after.votes.map(({ person }) => person)).to.deep.equal(['dave@example.com', 'bob@example.com']);
    expect(house.aws.writes).to.have.length(1);
  });

  it('refuses the button of another version of the card and what is no change at all [G5]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    const { digest } = await stored(house, id);
    const press = (approvalId: string, pressed: string) =>
      house.gate.decide({ verdict: 'approve', by: { approvalId, digest: pressed } }, caller('dave'));

    expect(ruleOf(await press(id, 'f'.repeat(64)))).to.equal('same-digest');
    expect(ruleOf(await press(id, digest.toUpperCase()))).to.equal('same-digest');
    expect(ruleOf(await press(id, digest.slice(0, 12)))).to.equal('same-digest');
    expect(ruleOf(await press(id, ''))).to.equal('same-digest');
    for (const other of ['chg-000000000000', `${id} `, id.toUpperCase(), '', '__proto__'])
      expect(ruleOf(await press(other, digest)), other).to.equal('known-approval');
    expect(house.aws.writes).to.have.length(0);
    expect((await press(id, digest)).status).to.equal('done');
  });

  it('is in time one millisecond before the expiry and too late at it [G5]', async () => {
    for (const [ms, wanted] of [
      [-1, 1],
      [0, 0],
      [1, 0],
    ] as const) {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.medium);
      house.setNow(EXPIRY + ms);
      const outcome = await decide(house, 'dave', id);
      await house.gate.idle();

      expect(house.aws.writes, `${ms} ms`).to.have.length(wanted);
      if (wanted === 1) continue;
      expect(ruleOf(outcome)).to.equal('expired');
      expect(outcome.view).to.have.property('because').that.includes('2026-11-20 12:15:00 UTC');
      expect((await stored(house, id)).state).to.equal('expired');
    }
  });

  it('does not count when it was in time and its commit is not [G5, G8]', async () => {
    const clock = movableClock(NOON);
    const house = await createHouse({ clock, through: slowCommit(clock, 'approved', EXPIRY) });
    const { id } = await propose(house, CALLS.medium);
    house.setNow(EXPIRY - 1);

    const outcome = await decide(house, 'dave', id);
    house.setNow(EXPIRY + 1);
    await house.gate.sweep(new AbortController().signal);

    expect(ruleOf(outcome)).to.equal('expired');
    expect(await stored(house, id)).to.deep.include({ state: 'expired', votes: [] });
    expect(house.aws.writes).to.have.length(0);
  });

  it('tells late, double and replayed clicks who decided and when [G8]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.medium);
    await decide(house, 'dave', token);
    await house.gate.idle();

    for (const [who, by] of [
      ['dave', token],
      ['dave', id],
      ['bob', id],
    ] as const) {
      const late = await decide(house, who, by);
      expect(ruleOf(late)).to.equal('already-decided');
      expect(late.view)
        .to.have.property('because')
        .that.matches(/approved by Dave at 2026-11-20 12:00:00 UTC/);
    }
    expect(house.aws.writes).to.have.length(1);
    expect((await records(house)).filter(({ type }) => type === 'token_refused')).to.have.length(1);
  });

  it('lets one of many simultaneous clicks win, in any order [G8]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);

    const clicks = ['dave', 'bob', 'erin', 'alice', 'dave', 'bob'].map((who) => decide(house, who, id));
    const outcomes = await Promise.all(clicks);
    await house.gate.idle();

    expect(outcomes.filter(({ status }) => status === 'denied')).to.have.length(5);
    expect(house.aws.writes).to.have.length(1);
    expect((await stored(house, id)).votes).to.have.length(1);
  });

  it('lets approve and reject of the same moment end in one of both [G8]', async () => {
    for (const order of [0, 1]) {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.medium);
      const yes = () => decide(house, 'dave', id);
      const no = () => decide(house, 'bob', id, { verdict: 'reject', reason: 'no' });
      await Promise.all((order === 0 ? [yes, no] : [no, yes]).map((click) => click()));
      await house.gate.idle();

      const { state } = await stored(house, id);
      expect(['succeeded', 'rejected']).to.include(state);
      expect(house.aws.writes).to.have.length(state === 'succeeded' ? 1 : 0);
    }
  });

  it('needs a reason to reject, and carries it to the requester where they asked [G7]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.medium);
    const empty = await decide(house, 'dave', token, { verdict: 'reject' });
    const blank = await decide(house, 'dave', id, { verdict: 'reject', reason: ' \n ' });

    const outcome = await decide(house, 'dave', id, { verdict: 'reject', reason: '  we deploy at noon  ' });

    const told = (await posts(house)).find(({ value }) => value.to.id === '@alice');
    expect([ruleOf(empty), ruleOf(blank)]).to.deep.equal(['reason-required', 'reason-required']);
    expect(outcome.status).to.equal('done');
    expect(told?.value.view).to.deep.include({
      body: 'Rejected by Dave. Nothing was changed. Reason: we deploy at noon',
    });
    expect(house.desk.card(await stored(house, id)).votes[0]).to.deep.include({
      person: 'Dave',
      verdict: 'reject',
      reason: 'we deploy at noon',
    });
    expect(house.aws.writes).to.have.length(0);
  });

  it('leaves cancelling to the requester and rejecting to those who may approve [G15, G7]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);

    const other = await decide(house, 'erin', first.id, { verdict: 'cancel' });
    const viewer = await decide(house, 'carol', first.id, { verdict: 'reject', reason: 'no' });
    const own = await decide(house, 'alice', first.id, { verdict: 'cancel' });

    expect(ruleOf(other)).to.equal('cancel-own');
    expect(ruleOf(viewer)).to.equal('approve-medium');
    expect(own.status).to.equal('done');
    expect(ruleOf(await decide(house, 'dave', first.id))).to.equal('already-decided');
  });

  it('refuses a stored plan that is not the one that was proposed [G5, G9]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    const row = await house.desk.approval(id);
    if (!row) throw new Error('gone');
    const forged = { ...row.value, plan: { ...row.value.plan, params: { instance_id: 'i-0decade01faced0a1' } } };
    const { approvalKind } = await import('../../approvals/approval.ts');
    const { update } = await import('../../store/store.ts');
    await house.store.transact([update(approvalKind, row, forged)]);

    expect(ruleOf(await decide(house, 'dave', id))).to.equal('same-digest');
    expect(house.aws.writes).to.have.length(0);
  });

  it('leaves a record of every refusal and of every vote [A4]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    await decide(house, 'carol', id);
    await decide(house, 'dave', 'approve-nothing');
    await decide(house, 'dave', id, { verdict: 'reject' });
    await decide(house, 'dave', id, { verdict: 'reject', reason: 'no' });
    await decide(house, 'bob', id);

    const types = (await records(house)).map(({ type, rule }) => rule ?? type);

    expect(types).to.deep.equal([
      'approval_requested',
      'approve-medium',
      'known-approval',
      'reason-required',
      'approval_denied',
      'already-decided',
    ]);
  });
});
