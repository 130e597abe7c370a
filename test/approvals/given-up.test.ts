import { expect } from 'chai';
import type { Holder } from '../../approvals/approval.ts';
import { readLimits } from '../../approvals/ledger.ts';
import { LEASE_MS } from '../../approvals/machine.ts';
import { approveAll, CALLS, createHouse, decide, type House, NOON, propose, stored } from './house.ts';

const never = new AbortController().signal;
/** No process of this host has numbers as high as these. */
const DEAD_PID = 2 ** 30;
const FORBIDDEN_PID = DEAD_PID + 1;

/** Says yes in a process that is stopped between its claim and the call; comes back with the change that it left. */
async function stopAfterClaim(house: House, holder: Partial<Holder> = {}): Promise<string> {
  const { holder: mine } = house.parts;
  const { id } = await propose(house, CALLS.medium);
  house.parts.holder = { ...mine, ...holder };
  house.parts.crash = (point) => {
    if (point === 'P6') throw new Error('stopped');
  };
  await decide(house, 'dave', id).catch(() => undefined);
  house.parts.crash = () => {};
  house.parts.holder = mine;
  expect((await stored(house, id)).state).to.equal('executing');
  return id;
}

/** While `work` runs nothing may be sent to this process: it is another user's. */
async function asOfAnotherUser<T>(pid: number, work: () => Promise<T>): Promise<T> {
  const { kill } = process;
  process.kill = (to, signal) => {
    if (to === pid) throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    return kill.call(process, to, signal);
  };
  try {
    return await work();
  } finally {
    process.kill = kill;
  }
}

describe('a running change', () => {
  it('that is lost gives back its resource and its place [G10, G9]', async () => {
    const house = await createHouse();
    const id = await stopAfterClaim(house);
    const arns = (await stored(house, id)).plan.targets.map(({ arn }) => arn);
    const limits = () => readLimits(house.store, arns, 'another change', house.clock.now());
    const before = await limits();
    house.setNow(NOON + LEASE_MS);

    const swept = await house.gate.sweep(never);

    const after = await limits();
    const next = await propose(house, CALLS.medium);
    expect(swept.lost).to.equal(1);
    expect([before.lockedBy, before.running]).to.deep.equal([id, 1]);
    expect([after.lockedBy, after.running]).to.deep.equal([undefined, 0]);
    expect((await approveAll(house, next.id, 'dave')).state).to.equal('succeeded');
  });

  for (const [what, holder] of [
    ['on another host, whatever is known of its number here', { host: 'another-host', pid: DEAD_PID }],
    ['under another user of this host', { pid: FORBIDDEN_PID }],
    ['on this host', { pid: process.pid }],
  ] as const)
    it(`is given up by nobody before its lease is over while its process may live ${what} [G10]`, async () => {
      const house = await createHouse();
      const id = await stopAfterClaim(house, { ...holder, boot: 'another process' });
      const sweepAt = (ms: number) => {
        house.setNow(NOON + ms);
        return asOfAnotherUser(FORBIDDEN_PID, () => house.gate.sweep(never));
      };

      const during = await sweepAt(LEASE_MS - 1);
      const { state } = await stored(house, id);
      const over = await sweepAt(LEASE_MS);

      expect([during.lost, state]).to.deep.equal([0, 'executing']);
      expect(over.lost).to.equal(1);
      expect((await stored(house, id)).state).to.equal('unknown');
    });

  it('is given up at once when its process is dead on this very host [G10]', async () => {
    const house = await createHouse();
    const id = await stopAfterClaim(house, { pid: DEAD_PID, boot: 'another process' });

    const swept = await house.gate.sweep(never);

    expect(swept.lost).to.equal(1);
    expect((await stored(house, id)).state).to.equal('unknown');
    expect(house.aws.writes).to.have.length(0);
  });
});
