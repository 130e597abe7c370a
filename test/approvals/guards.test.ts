import { expect } from 'chai';
import { type Approval, approvalKind } from '../../approvals/approval.ts';
import { planDigest } from '../../approvals/plan.ts';
import { Settings } from '../../approvals/settings.ts';
import type { Store } from '../../store/store.ts';
import { update } from '../../store/store.ts';
import { catalog } from '../../tools/catalog.ts';
import type { Target, Tool } from '../../tools/tool.ts';
import { at } from './changes.ts';
import {
  approveAll,
  CALLS,
  caller,
  createHouse,
  decide,
  type House,
  NOON,
  posts,
  propose,
  records,
  stored,
} from './house.ts';
import { asAccount } from './recording-aws.ts';

interface DescribedInstances {
  Reservations: { Instances: { Tags: { Key: string; Value: string }[]; State: object; LaunchTime: Date }[] }[];
}

type Described = DescribedInstances['Reservations'][number]['Instances'][number];

/** From now on EC2 describes its instances as the test says. */
function describeAs(house: House, change: (instance: Described) => Described): void {
  house.aws.seen = (operation, output) => {
    if (operation !== 'describeInstances') return output;
    const { Reservations } = output as DescribedInstances;
    return { Reservations: Reservations.map((one) => ({ ...one, Instances: one.Instances.map(change) })) };
  };
}

const withTags = (edit: (tags: Described['Tags']) => Described['Tags']) => (instance: Described) => ({
  ...instance,
  Tags: edit(instance.Tags),
});

/** The change did not run: AWS was not called, and the card says why in words that `says` matches. */
async function assertNotRun(house: House, approval: Approval, state: Approval['state'], says: RegExp): Promise<void> {
  const card = house.desk.card(approval);
  expect(house.aws.writes, 'AWS was called').to.have.length(0);
  expect(approval.state).to.equal(state);
  expect(card.outcome.join(' ')).to.match(says);
  const told = (await posts(house)).filter(({ value }) => value.to.id === '@alice');
  expect(told.map(({ value }) => value.view.body).join()).to.match(says);
}

/** The rules that stopped a change, as its record names them. */
async function rulesOf(house: House): Promise<string[] | undefined> {
  const record = (await records(house)).find(({ type }) => type === 'change_invalidated');
  return record?.rule?.split(', ');
}

/** The tools, with every write meant for the targets that `aim` makes of its own; all else of a plan stays as it is. */
function aimedAt(aim: (target: Target) => Target): Tool[] {
  return catalog.map((tool) => {
    if (tool.effect !== 'write') return tool;
    const plan: typeof tool.plan = async (input, context) => {
      const planned = await tool.plan(input, context);
      return { ...planned, targets: planned.targets.map(aim) };
    };
    return { ...tool, plan };
  });
}

describe('just before execution', () => {
  const changes: [string, (instance: Described) => Described, RegExp][] = [
    [
      'loses the guard tag',
      withTags((tags) => tags.filter(({ Key }) => Key !== 'OpsAgentManaged')),
      /OpsAgentManaged=true/,
    ],
    [
      'is tagged OpsAgentManaged=false',
      withTags((tags) => tags.map((tag) => (tag.Key === 'OpsAgentManaged' ? { ...tag, Value: 'false' } : tag))),
      /OpsAgentManaged=true/,
    ],
    [
      'moves to production',
      withTags((tags) => tags.map((tag) => (tag.Key === 'Environment' ? { ...tag, Value: 'production' } : tag))),
      /approved as medium risk and is high now/,
    ],
    [
      'is replaced by another launch',
      (instance) => ({ ...instance, LaunchTime: new Date(NOON) }),
      /launch_time was .* and is now 2026-11-20T12:00/,
    ],
    ['stops', (instance) => ({ ...instance, State: { Code: 80, Name: 'stopped' } }), /is stopped/],
    ['is gone', () => ({}) as Described, /There is no instance/],
  ];
  for (const [what, change, says] of changes) {
    it(`does not touch an instance that ${what} between proposal and approval, and says so [G9, G1]`, async () => {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.medium);
      describeAs(house, change);

      await assertNotRun(house, await approveAll(house, id, 'dave'), 'invalidated', says);
    });
  }

  it('does not run when AWS cannot be read again [G9]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.aws.seen = () => {
      throw new Error('no route to AWS');
    };

    await assertNotRun(house, await approveAll(house, id, 'dave'), 'invalidated', /could not be read again: no route/);
  });

  const moves: [string, (house: House) => void, RegExp][] = [
    ['the requester left', (house) => house.people.splice(0, 1), /alice@example.com is no longer on the allow-list/],
    [
      'the first approver left',
      (house) => house.people.splice(1, 1),
      /dave@example.com is no longer on the allow-list/,
    ],
    [
      'the first approver lost the role',
      (house) =>
        house.people.splice(1, 1, { id: 'dave@example.com', name: 'Dave', roles: ['viewer'], teams: [], accounts: {} }),
      /Senior engineers may approve/,
    ],
    [
      'the requester lost the role',
      (house) =>
        house.people.splice(0, 1, { id: 'alice@example.com', name: 'Alice', roles: [], teams: [], accounts: {} }),
      /Engineers may propose changes/,
    ],
    [
      'the quorum was raised',
      (house) => {
        house.settings = Settings.parse({ quorum: { high: 3 } });
      },
      /takes 3 people/,
    ],
  ];
  for (const [what, change, says] of moves) {
    it(`does not run when ${what} after the first vote [G9, G2, G3]`, async () => {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.high);
      await decide(house, 'dave', id);
      change(house);

      await assertNotRun(house, await approveAll(house, id, 'bob'), 'invalidated', says);
    });
  }

  it('does not run what a pause caught between the last look and the claim [G9]', async () => {
    let pauseNow = async () => {};
    const through = (store: Store): Store => ({
      ...store,
      async transact(writes, options) {
        const claims = writes.some(({ kind, op }) => kind.name === 'resource_lock' && op === 'put');
        if (claims) await pauseNow();
        return store.transact(writes, options);
      },
    });
    const house = await createHouse({ through });
    const { id } = await propose(house, CALLS.medium);
    let pauses = 0;
    pauseNow = async () => {
      pauses += 1;
      if (pauses === 1) await house.gate.pause('stop it', caller('bob'));
    };

    await assertNotRun(house, await approveAll(house, id, 'dave'), 'invalidated', /paused by Bob/);
    expect(pauses).to.be.greaterThan(0);
  });

  it('does not run when the tool, the mode or the digest is not the one of the approval [G9]', async () => {
    const first = await createHouse();
    const { id } = await propose(first, CALLS.medium);
    const { store } = first;
    const other = await createHouse({ store, mode: 'SANDBOX_LIVE' });
    const without = await createHouse({ store, tools: catalog.filter(({ name }) => name !== 'reboot_ec2') });

    await assertNotRun(
      other,
      await approveAll(other, id, 'dave'),
      'invalidated',
      /approved in LOCAL_MOCK; this is SANDBOX_LIVE/,
    );
    const next = await propose(first, CALLS.low);
    const gone = await approveAll(
      without,
      (await propose(first, { ...CALLS.medium, input: { ...CALLS.medium.input, reason: 'x' } })).id,
      'dave',
    );
    expect(gone.ended_because.join()).to.include('no longer among the tools');
    expect(without.aws.writes.length + first.aws.writes.length).to.equal(0);
    expect((await stored(first, next.id)).state).to.equal('pending');
  });

  it('does not run with credentials that lead to another account by then [G9]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.parts.aws = asAccount(house.aws, '999999999999');

    const after = await approveAll(house, id, 'dave');

    await assertNotRun(house, after, 'invalidated', /approved for account 111122223333; this is 999999999999/);
    expect(await rulesOf(house)).to.deep.equal(['same-account']);
  });

  it('does not run when its tool would touch another resource by then, be all that is known of it the same [G9]', async () => {
    let suffix = '';
    const house = await createHouse({ tools: aimedAt((target) => ({ ...target, arn: `${target.arn}${suffix}` })) });
    const { id } = await propose(house, CALLS.medium);
    suffix = '0';

    const after = await approveAll(house, id, 'dave');

    await assertNotRun(house, after, 'invalidated', /changed since it was proposed: the target itself\./);
    expect(await rulesOf(house)).to.deep.equal(['unchanged-since-approval']);
  });

  it('never runs what stands as approved in the store without its people [G3, G8]', async () => {
    const votes = (name: string, count: number) =>
      Array.from({ length: count }, () => ({
        person: `${name}@example.com`,
        name,
        verdict: 'approve' as const,
        at: at(NOON),
      }));
    for (const forge of [
      () => [],
      (digest: string) => votes('dave', 1).map((vote) => ({ ...vote, digest })),
      (digest: string) => votes('dave', 2).map((vote) => ({ ...vote, digest })),
      () => [...votes('dave', 1), ...votes('bob', 1)].map((vote) => ({ ...vote, digest: 'f'.repeat(64) })),
      (digest: string) =>
        [...votes('dave', 1), ...votes('bob', 1)].map((vote) => ({ ...vote, verdict: 'reject' as const, digest })),
    ]) {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.high);
      const row = await house.desk.approval(id);
      if (!row) throw new Error('gone');
      const forged = {
        ...row.value,
        state: 'approved' as const,
        votes: forge(planDigest(row.value.plan)),
        exec_deadline: at(NOON + 60_000),
      };
      await house.store.transact([update(approvalKind, row, forged)]);
      house.setNow(NOON + 5_000);

      await house.gate.sweep(new AbortController().signal);

      expect(house.aws.writes).to.have.length(0);
      expect((await stored(house, id)).state).to.equal('invalidated');
    }
  });

  it('records which guard stopped it [A4, G9]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    describeAs(
      house,
      withTags((tags) => tags.filter(({ Key }) => Key !== 'OpsAgentManaged')),
    );
    await approveAll(house, id, 'dave');

    const record = (await records(house)).find(({ type }) => type === 'change_invalidated');

    expect(record?.rule?.split(', ')).to.include.members(['managed-tag', 'unchanged-since-approval']);
    expect(record).to.deep.include({ change_id: id, from: 'approved', to: 'invalidated' });
  });
});
