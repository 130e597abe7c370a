import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Approval, approvalKind } from '../../approvals/approval.ts';
import { LEASE_MS } from '../../approvals/machine.ts';
import { createOutcomeSpool, type OutcomeSpool } from '../../approvals/outcome-spool.ts';
import { OpsError } from '../../lib/errors.ts';
import { type Store, update } from '../../store/store.ts';
import { CALLS, caller, createHouse, decide, type House, NOON, propose, records, ruleOf, stored } from './house.ts';

const never = new AbortController().signal;
const full = () => new OpsError('store_unavailable', 'The disk is full.', { hint: 'Free it.', retryable: true });

/** A store whose transactions fail while `down` says so. */
function failing(store: Store, down: () => boolean): Store {
  return {
    ...store,
    transact: async (writes, options) => (down() ? Promise.reject(full()) : store.transact(writes, options)),
  };
}

/** A store in which another process was faster with the outcome's rows while `late` says so. */
function comingSecond(store: Store, late: () => boolean): Store {
  return {
    ...store,
    async transact(writes, options) {
      if (!writes.some(({ kind }) => kind === approvalKind) || !late()) return store.transact(writes, options);
      return { committed: false, because: 'conflict', kind: 'ledger', id: 'of a neighbour', version: 2 };
    },
  };
}

describe('an outcome that the store cannot take', () => {
  let folder: string;
  let spool: OutcomeSpool;
  let isDown: boolean;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-drain-'));
    spool = createOutcomeSpool(join(folder, 'outcomes.jsonl'));
    isDown = false;
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** A process on a store that goes down with the call, and one that is started later on the same store. */
  async function twoProcesses(): Promise<{ first: House; later: House }> {
    const first = await createHouse({ through: (store) => failing(store, () => isDown) });
    first.parts.spool = spool;
    first.parts.clock = { ...first.clock, sleep: async () => {} };
    const send = first.aws.onWrite;
    first.aws.onWrite = async () => {
      await send();
      // The simulated estate has its own way to the store: only what the house writes fails from here on.
      isDown = true;
    };
    const later = await createHouse({ store: first.store });
    later.parts.spool = spool;
    return { first, later };
  }

  /** Approves, and loses the store right after AWS has answered. */
  async function callWithoutRecord(first: House): Promise<string> {
    const { id } = await propose(first, CALLS.medium);
    const outcome = await decide(first, 'dave', id);
    expect(outcome.status).to.equal('failed');
    return id;
  }

  it('is asked again at once and not put there when a neighbour took the same rows, so that nobody is refused for it [G10, G8]', async () => {
    let second = 0;
    const first = await createHouse({ through: (store) => comingSecond(store, () => second-- > 0) });
    first.parts.spool = spool;
    const waiting: number[] = [];
    const { clock } = first;
    first.parts.clock = {
      ...clock,
      // The short ones are between two tries; who waits longer looks whether AWS did it.
      sleep: async (ms, signal) => (ms < 50 ? void waiting.push(spool.read().length) : clock.sleep(ms, signal)),
    };
    const send = first.aws.onWrite;
    first.aws.onWrite = async () => {
      await send();
      second = 3;
    };
    const { id } = await propose(first, CALLS.medium);

    const outcome = await decide(first, 'dave', id);

    expect(outcome.status).to.equal('done');
    expect((await stored(first, id)).state).to.equal('succeeded');
    expect(waiting.slice(0, 3)).to.deep.equal([0, 0, 0]);
    expect(first.aws.writes).to.have.length(1);
  });

  it('is kept for the next sweep when another host took the change for lost meanwhile [G10]', async () => {
    const { first } = await twoProcesses();
    const elsewhere = await createHouse({ store: first.store });
    const { clock } = first;
    let tries = 0;
    first.parts.clock = {
      ...clock,
      sleep: async () => {
        tries += 1;
        if (tries !== 2) return;
        first.setNow(clock.now() + 60_000);
        elsewhere.setNow(clock.now());
        isDown = false;
        await elsewhere.gate.sweep(never);
      },
    };
    const { id } = await propose(first, CALLS.medium);

    await decide(first, 'dave', id);
    const between = { state: (await stored(first, id)).state, waiting: spool.read().length };
    const swept = await first.gate.sweep(never);

    expect(between).to.deep.equal({ state: 'unknown', waiting: 1 });
    expect(swept.spooled).to.equal(1);
    expect((await stored(first, id)).state).to.equal('succeeded');
    expect(spool.read()).to.deep.equal([]);
    expect(first.aws.writes).to.have.length(1);
  });

  it('is kept for the next sweep when another host took the change for lost before AWS had answered [G10]', async () => {
    const first = await createHouse();
    first.parts.spool = spool;
    const elsewhere = await createHouse({ store: first.store, clock: first });
    first.aws.onWrite = async () => {
      first.setNow(NOON + LEASE_MS);
      await elsewhere.gate.sweep(never);
    };
    const { id } = await propose(first, CALLS.medium);

    await decide(first, 'dave', id);
    const between = { state: (await stored(first, id)).state, waiting: spool.read().map(({ change_id }) => change_id) };
    const swept = await first.gate.sweep(never);

    expect(between).to.deep.equal({ state: 'unknown', waiting: [id] });
    expect(swept.spooled).to.equal(1);
    expect((await stored(first, id)).state).to.equal('succeeded');
    expect(spool.read()).to.deep.equal([]);
  });

  it('stays in the spool when a neighbour took the same rows first, and is recorded by the next sweep [G10]', async () => {
    const { first } = await twoProcesses();
    const id = await callWithoutRecord(first);
    isDown = false;
    let second = 1;
    const later = await createHouse({
      store: first.store,
      through: (store) => comingSecond(store, () => second-- > 0),
    });
    later.parts.spool = spool;

    const swept = await later.gate.sweep(never);
    const between = { state: (await stored(later, id)).state, waiting: spool.read().map(({ change_id }) => change_id) };
    const again = await later.gate.sweep(never);

    expect(between).to.deep.equal({ state: 'executing', waiting: [id] });
    expect([swept.spooled, again.spooled]).to.deep.equal([0, 1]);
    expect((await stored(later, id)).state).to.equal('succeeded');
    expect(spool.read()).to.deep.equal([]);
  });

  it('waits in the spool, and is recorded by the next process; nothing is sent again [G10]', async () => {
    const { first, later } = await twoProcesses();
    const id = await callWithoutRecord(first);
    const waiting = spool.read().map(({ change_id }) => change_id);
    const before = await stored(first, id);
    isDown = false;

    const swept = await later.gate.sweep(never);
    const again = await later.gate.sweep(never);

    const after = await stored(later, id);
    const chain = (await records(later)).filter(({ change_id, type }) => change_id === id && type === 'change_outcome');
    expect({ waiting, state: before.state }).to.deep.equal({ waiting: [id], state: 'executing' });
    expect([swept.spooled, swept.lost, again.spooled]).to.deep.equal([1, 0, 0]);
    expect(after.state).to.equal('succeeded');
    expect(after.fence).to.equal(before.fence);
    expect(chain.map(({ outcome, summary }) => [outcome, summary])).to.deep.equal([
      ['succeeded', `${after.plan.action}: succeeded, from the spool of the process that called`],
    ]);
    expect(first.aws.writes.length + later.aws.writes.length).to.equal(1);
    expect(spool.read()).to.deep.equal([]);
  });

  it('pauses every change until it is recorded, and says why [G9, A3]', async () => {
    const { first, later } = await twoProcesses();
    const id = await callWithoutRecord(first);
    isDown = false;

    const refused = await later.gate.submit(CALLS.low, caller('alice'));
    await later.gate.sweep(never);
    const taken = await propose(later, CALLS.low);

    expect(ruleOf(refused)).to.equal('outcomes-recorded');
    expect(JSON.stringify(refused.view)).to.include(id);
    expect(taken.id).to.match(/^chg-/);
  });

  it('may wait in a spool that cannot be read: every change is paused until it can, and why is said [G9, A3]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.parts.spool = createOutcomeSpool(folder);

    const proposed = await house.gate.submit(CALLS.low, caller('alice'));
    const approved = await decide(house, 'dave', id);
    house.parts.spool = spool;
    const taken = await decide(house, 'dave', id);

    expect([ruleOf(proposed), ruleOf(approved)]).to.deep.equal(['outcomes-recorded', 'outcomes-recorded']);
    expect(JSON.stringify(proposed.view)).to.match(/spool of outcomes, .*cannot be read: EISDIR/);
    expect(taken.status).to.equal('done');
    expect(house.aws.writes).to.have.length(1);
  });

  it('keeps a change that was approved already from running while the spool cannot be read [G9, A3]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.parts.crash = (point) => {
      if (point === 'P5') house.parts.spool = createOutcomeSpool(folder);
    };

    await decide(house, 'dave', id);

    expect((await stored(house, id)).ended_because.join()).to.match(/spool of outcomes, .*cannot be read: EISDIR/);
    expect(house.aws.writes).to.have.length(0);
  });

  /** As after a sweep of another process that found the lease over. */
  async function giveUp(house: House, id: string, patch: Partial<Approval> = {}): Promise<void> {
    const row = await house.store.get(approvalKind, id);
    if (!row) throw new Error(`no change ${id}`);
    const givenUp = { state: 'unknown' as const, fence: row.value.fence + 1, lease_until: undefined, ...patch };
    await house.store.transact([update(approvalKind, row, { ...row.value, ...givenUp })]);
  }

  it('is evidence for a change that another process had given up, whose effect is then looked for [G10, G12]', async () => {
    const { first, later } = await twoProcesses();
    const id = await callWithoutRecord(first);
    isDown = false;
    await giveUp(later, id);

    const swept = await later.gate.sweep(never);

    const after = await stored(later, id);
    expect(swept).to.include({ spooled: 1, evidenced: 0 });
    expect(after.state).to.equal('succeeded');
    expect(after.verified?.state).to.be.oneOf(['waiting', 'confirmed']);
    expect(spool.read()).to.deep.equal([]);
  });

  for (const [what, patch] of [
    ['was claimed anew since', { fence: 7 }],
    ['is over', { state: 'failed' }],
  ] as const)
    it(`says nothing of a change that ${what} [G8, G10]`, async () => {
      const { first, later } = await twoProcesses();
      const id = await callWithoutRecord(first);
      isDown = false;
      await giveUp(later, id, patch);
      const before = await stored(later, id);

      const swept = await later.gate.sweep(never);

      expect(swept.spooled).to.equal(0);
      expect(await stored(later, id)).to.deep.equal(before);
      expect(spool.read()).to.deep.equal([]);
    });

  it('is not taken from the spool while the store is down: it stays there [G10]', async () => {
    const { first, later } = await twoProcesses();
    const id = await callWithoutRecord(first);

    const swept = await later.gate.sweep(never);

    expect(swept.spooled).to.equal(0);
    expect(spool.read().map(({ change_id }) => change_id)).to.deep.equal([id]);
  });

  it('is recorded by the process itself when the store is back in time, and leaves nothing behind [G10]', async () => {
    const { first } = await twoProcesses();
    let sleeps = 0;
    first.parts.clock = {
      ...first.clock,
      sleep: async () => {
        sleeps += 1;
        isDown = sleeps < 3;
      },
    };
    const { id } = await propose(first, CALLS.medium);

    const outcome = await decide(first, 'dave', id);
    await first.gate.stop();

    expect(outcome.status).to.equal('done');
    expect(sleeps).to.equal(3);
    expect((await stored(first, id)).state).to.equal('succeeded');
    expect(spool.read()).to.deep.equal([]);
  });
});
