import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { createDirectory, localPeople, type Person, ROLES, serviceNamed } from '../../approvals/people.ts';
import type { Verdict } from '../../cards/view.ts';
import { update } from '../../store/store.ts';
import {
  approveAll,
  CALLS,
  CI,
  caller,
  createHouse,
  type House,
  policy,
  posts,
  records,
  ruleOf,
  stored,
  WALLBOARD,
} from './house.ts';

const by = (person: Person) =>
  caller(person.name, {
    ...{ person, channel: 'api', userId: person.id, auth: 'api-key', origin: 'api' },
    conversation: { channel: 'api', id: person.id },
  });

const proposeAs = async (house: House, person: Person, call: (typeof CALLS)[keyof typeof CALLS] = CALLS.medium) => {
  const outcome = await house.gate.submit(call, by(person));
  if (outcome.status !== 'pending') throw new Error(`not pending: ${JSON.stringify(outcome.view)}`);
  return outcome;
};

describe('a service', () => {
  it('reads and proposes as its role allows, and its change runs when people approved it [Q3, G3]', async () => {
    const house = await createHouse();
    const { approvalId, view } = await proposeAs(house, CI, CALLS.high);
    const asked = await posts(house);

    const { state, plan, votes } = await approveAll(house, approvalId, 'dave', 'bob');

    expect(plan.requester).to.equal('service:ci');
    expect(view.mayApprove).to.include('but not the requester');
    expect(view.deciders).to.deep.equal(['dave@example.com', 'bob@example.com', 'erin@example.com']);
    expect(asked.map(({ value }) => value.to)).to.deep.include({ channel: 'web', id: '#ops' });
    expect(votes.map(({ person }) => person)).to.deep.equal(['dave@example.com', 'bob@example.com']);
    expect(state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
  });

  it('that only reads is refused a proposal by its role [Q3, G2]', async () => {
    const house = await createHouse();
    const read = await house.gate.submit({ tool: 'list_ec2_instances', input: {} }, by(WALLBOARD));
    const write = await house.gate.submit(CALLS.medium, by(WALLBOARD));

    expect(read.status).to.equal('done');
    expect(ruleOf(write)).to.equal('proposals');
  });

  const verdicts: readonly Verdict[] = ['approve', 'reject'];
  for (const [verdict, role] of verdicts.flatMap((verdict) => ROLES.map((role) => [verdict, role] as const))) {
    it(`with the role ${role} is refused when it would ${verdict}, its own and another's, by id and by token [Q3]`, async () => {
      const service = serviceNamed('ci', [role]);
      const house = await createHouse();
      house.services = [service];
      const proposed = [
        await house.gate.submit(CALLS.low, by(role === 'viewer' ? serviceNamed('ci', ['engineer']) : service)),
        await house.gate.submit(CALLS.medium, caller('dave')),
      ].filter((outcome) => outcome.status === 'pending');

      expect(proposed).to.have.length(2);
      for (const { approvalId, token = '' } of proposed)
        for (const pointer of [{ approvalId }, { token }]) {
          const outcome = await house.gate.decide({ verdict, by: pointer, reason: 'because' }, by(service));
          expect(ruleOf(outcome), JSON.stringify(pointer)).to.equal('services-never-decide');
          expect(await stored(house, approvalId)).to.deep.include({ state: 'pending', votes: [] });
        }
      expect(house.aws.writes).to.have.length(0);
    });
  }

  it('hears before a reason is asked for that it cannot reject, and the record has it [Q3, A4]', async () => {
    const house = await createHouse();
    const { approvalId } = await proposeAs(house, CI);

    const outcome = await house.gate.decide({ verdict: 'reject', by: { approvalId } }, by(CI));

    expect(ruleOf(outcome)).to.equal('services-never-decide');
    const last = (await records(house)).at(-1);
    expect(last).to.include({ type: 'access_denied', rule: 'services-never-decide', outcome: 'denied' });
    expect(last?.actor).to.include({ person: 'service:ci', auth: 'api-key' });
  });

  it('may take back what it proposed itself, and nothing of others [Q3, G15]', async () => {
    const house = await createHouse();
    const own = await proposeAs(house, CI);
    const other = await house.gate.submit(CALLS.low, caller('dave'));

    const cancelled = await house.gate.decide({ verdict: 'cancel', by: { approvalId: own.approvalId } }, by(CI));
    const refused = await house.gate.decide({ verdict: 'cancel', by: { approvalId: other.approvalId ?? '' } }, by(CI));

    expect(cancelled.status).to.equal('done');
    expect((await stored(house, own.approvalId)).state).to.equal('cancelled');
    expect(ruleOf(refused)).to.equal('cancel-own');
  });

  it('pauses and resumes nothing, whatever its role [Q3]', async () => {
    const house = await createHouse();

    for (const role of ROLES) {
      const service = serviceNamed('ci', [role]);
      expect(ruleOf(await house.gate.pause('stop', by(service)))).to.be.oneOf([
        'services-never-decide',
        'pause-changes',
      ]);
      expect(ruleOf(await house.gate.pause(undefined, by(service)))).to.be.oneOf([
        'services-never-decide',
        'pause-changes',
      ]);
      expect(house.gate.mayPause(service)).to.equal(false);
    }
  });

  it('is counted nowhere: a vote of one that somebody wrote into the store does not let a change run [Q3, G3, G9]', async () => {
    const house = await createHouse();
    const outcome = await house.gate.submit(CALLS.high, caller('alice'));
    const id = outcome.approvalId ?? '';
    const row = await house.desk.approval(id);
    if (!row) throw new Error('gone');
    const vote = { name: 'ci', verdict: 'approve' as const, at: new Date().toISOString(), digest: row.value.digest };
    const forged = { ...row.value, votes: [{ ...vote, person: 'service:ci' }] };
    await house.store.transact([update(approvalKind, row, forged)]);

    const { state, ended_because } = await approveAll(house, id, 'dave');

    expect(state).to.equal('invalidated');
    expect(ended_because.join()).to.include('Services read and propose');
    expect(house.aws.writes).to.have.length(0);
  });

  it('whose entry is gone has its approved change stopped [Q3, G9]', async () => {
    const house = await createHouse();
    const { approvalId } = await proposeAs(house, CI);
    house.services = [];

    const { state, ended_because } = await approveAll(house, approvalId, 'dave');

    expect(state).to.equal('invalidated');
    expect(ended_because.join()).to.include('service:ci is no longer on the allow-list');
  });

  it('is shown no live button, and is in no list of people [Q3, C8]', async () => {
    const house = await createHouse();
    const outcome = await house.gate.submit(CALLS.low, caller('dave'));
    const row = await house.desk.approval(outcome.approvalId ?? '');

    expect(row && house.desk.mayApprove(CI, row.value)).to.equal(false);
    const directory = createDirectory(
      () => localPeople,
      () => [CI],
    );
    expect(directory.find('service:ci')).to.equal(CI);
    expect(directory.list()).to.deep.equal(localPeople);
    expect(directory.find('service:nobody')).to.equal(undefined);
  });

  it('has the same answer from the rules whichever of service and person of one role asks first [Q3]', () => {
    const target = { arn: 'arn:x', service: 'ec2', managed: true, environmentMatches: true, production: false };
    const question = { action: 'approve', target, risk: 'low', own: false } as const;
    const person = { id: 'p@example.com', roles: ['engineer'] } as const;

    const answers = [CI, person, CI, person].map((who) => policy.ask(who, question));

    expect(answers.map(({ allowed }) => allowed)).to.deep.equal([false, true, false, true]);
    expect(answers[0]).to.include({ rule: 'services-never-decide' });
  });
});
