import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { say } from '../../approvals/outbox.ts';
import { readPause } from '../../approvals/pause.ts';
import { remove, type Store, type Write } from '../../store/store.ts';
import { approveAll, CALLS, caller, createHouse, decide, type House, OPS, propose, records, stored } from './house.ts';
import { sdkError } from './recording-aws.ts';

/** Something happens in the moment between what was read and what is written. */
function between(matches: (write: Write) => boolean) {
  const moment = { act: async (_house: Store) => {}, times: 1 };
  const through = (store: Store): Store => ({
    ...store,
    async transact(writes, options) {
      if (moment.times > 0 && writes.some(matches)) {
        moment.times -= 1;
        await moment.act(store);
      }
      return store.transact(writes, options);
    },
  });
  return { moment, through };
}

const isPause = ({ kind, op }: Write) => kind.name === 'pause' && op !== 'check';

describe('races', () => {
  it('two who pause at once have both paused, and each has a record [G9, A4]', async () => {
    const house = await createHouse();

    const outcomes = await Promise.all([
      house.gate.pause('one', caller('bob')),
      house.gate.pause('two', caller('erin')),
    ]);

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['done', 'done']);
    expect((await records(house)).filter(({ type }) => type === 'changes_paused')).to.have.length(2);
  });

  it('says that changes are paused only when they are, though somebody resumed them in that moment [G9]', async () => {
    const { moment, through } = between(isPause);
    moment.times = 0;
    const house = await createHouse({ through });
    await house.gate.pause('first', caller('bob'));
    const other = await createHouse({ store: house.store });
    moment.times = 1;
    moment.act = async () => {
      await other.gate.pause(undefined, caller('erin'));
    };

    const outcome = await house.gate.pause('second', caller('bob'));

    expect(outcome.status).to.equal('done');
    expect(await readPause(house.store)).to.match(/paused by Bob .*second/);
  });

  it('two who reject the same change in two requests are both counted [G7, G8]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);
    const second = await propose(house, CALLS.medium, 'bob');

    const outcomes = await Promise.all([
      decide(house, 'dave', first.id, { verdict: 'reject', reason: 'no' }),
      decide(house, 'erin', second.id, { verdict: 'reject', reason: 'not today' }),
    ]);

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['done', 'done']);
    for (const { id } of [first, second]) expect((await stored(house, id)).state).to.equal('rejected');
  });

  it('a change that is gone from the store ends the decision instead of going round for ever [G8]', async () => {
    const { moment, through } = between(({ kind, op }) => kind.name === 'approval' && op === 'update');
    const house = await createHouse({ through });
    const { id } = await propose(house, CALLS.medium);
    moment.act = async (store) => {
      const row = await store.get(approvalKind, id);
      if (row) await store.transact([remove(approvalKind, row)]);
    };

    const outcome = await decide(house, 'dave', id);

    expect(outcome.status).to.not.equal('done');
    expect(house.aws.writes).to.have.length(0);
  });

  it('an outcome that can never be committed is given up in the end and the change reported as not known [G10]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    const view = { kind: 'message' as const, title: 'in the way', body: '' };
    await house.store.transact([say(`${id}:failed`, OPS, view, house.clock.now())]);
    house.aws.onWrite = () => {
      throw sdkError('UnauthorizedOperation', 403);
    };

    const outcome = await decide(house, 'dave', id);
    house.setNow(house.clock.now() + 60_000);
    await house.gate.sweep(new AbortController().signal);

    expect(outcome.status).to.equal('failed');
    expect((await stored(house, id)).state).to.equal('unknown');
    expect(house.aws.writes).to.have.length(1);
  });

  it('garbled deadlines end a change instead of keeping a sweep busy for ever [G8, G9]', async () => {
    for (const patch of [{ exec_deadline: 'soon' }, { exec_deadline: undefined }]) {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.medium);
      await forge(house, id, { ...patch, state: 'approved' as const });
      house.setNow(house.clock.now() + 5_000);

      await house.gate.sweep(new AbortController().signal);

      expect(['expired', 'invalidated']).to.include((await stored(house, id)).state);
      expect(house.aws.writes).to.have.length(0);
    }
  });

  it('many people, two processes and a sweep on one change make one call [G8, G10]', async () => {
    for (let round = 0; round < 10; round += 1) {
      const first = await createHouse();
      const second = await createHouse({ store: first.store });
      const { id, token } = await propose(first, CALLS.medium);

      await Promise.all([
        ...['dave', 'bob', 'erin'].map((who) => decide(first, who, id)),
        ...['dave', 'bob', 'erin'].map((who) => decide(second, who, token)),
        first.gate.sweep(new AbortController().signal),
        second.gate.sweep(new AbortController().signal),
        decide(second, 'alice', id, { verdict: 'cancel' }),
      ]);
      await Promise.all([first.gate.idle(), second.gate.idle()]);

      const calls = [...first.aws.writes, ...second.aws.writes];
      const { state } = await stored(first, id);
      expect(calls.length, state).to.equal(state === 'succeeded' ? 1 : 0);
      expect(['succeeded', 'cancelled', 'invalidated']).to.include(state);
    }
  });

  it('two processes that approve two changes of one resource never call at the same time [G9]', async () => {
    const first = await createHouse();
    const second = await createHouse({ store: first.store });
    const changes = await Promise.all([propose(first, CALLS.medium), propose(second, CALLS.medium, 'bob')]);
    let running = 0;
    let most = 0;
    for (const { aws } of [first, second])
      aws.onWrite = async () => {
        running += 1;
        most = Math.max(most, running);
        for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
        running -= 1;
      };

    const [one, two] = changes;
    await Promise.all([approveAll(first, one.id, 'dave'), approveAll(second, two.id, 'erin')]);

    expect(most).to.equal(1);
  });
});

async function forge(house: House, id: string, patch: object): Promise<void> {
  const row = await house.desk.approval(id);
  if (!row) throw new Error('gone');
  const votes = [
    {
      person: 'dave@example.com',
      name: 'Dave',
      verdict: 'approve',
      at: row.value.created_at,
      digest: row.value.digest,
    },
  ];
  await house.store.transact([
    { op: 'update', kind: approvalKind, id, version: row.version, value: { ...row.value, votes, ...patch } },
  ]);
}
