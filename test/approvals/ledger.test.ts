import { expect } from 'chai';
import { claimWrites, readLimits, releaseWrites } from '../../approvals/ledger.ts';
import { approveAll, CALLS, createHouse, NOON, propose } from './house.ts';
import { sdkError } from './recording-aws.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc';
const MINUTE_MS = 60_000;

describe('the rest of a resource', () => {
  it('begins anew with each failure, also while the row of an earlier rest still lies there [G9, G10]', async () => {
    const { store } = await createHouse();
    await store.transact(await releaseWrites(store, [ARN], 'chg_1', NOON + MINUTE_MS));
    const first = await readLimits(store, [ARN], 'chg_3', NOON);

    await store.transact(await releaseWrites(store, [ARN], 'chg_2', NOON + 2 * MINUTE_MS));
    const second = await readLimits(store, [ARN], 'chg_3', NOON + MINUTE_MS);
    const over = await readLimits(store, [ARN], 'chg_3', NOON + 2 * MINUTE_MS);

    expect([first.coolingUntil, second.coolingUntil, over.coolingUntil]).to.deep.equal([
      new Date(NOON + MINUTE_MS).toISOString(),
      new Date(NOON + 2 * MINUTE_MS).toISOString(),
      undefined,
    ]);
  });

  it('takes the minutes of the policy, from when the failure was heard [G9]', async () => {
    const house = await createHouse({ settings: { limits: { cooldown_minutes: 7 } } });
    const { id } = await propose(house, CALLS.low);
    house.aws.onWrite = () => {
      house.setNow(NOON + 1_000);
      throw sdkError('UnauthorizedOperation', 403);
    };

    const { state, plan } = await approveAll(house, id, 'bob');

    const arns = plan.targets.map(({ arn }) => arn);
    const { coolingUntil } = await readLimits(house.store, arns, 'chg_3', NOON);
    expect(state).to.equal('failed');
    expect(coolingUntil).to.equal(new Date(NOON + 1_000 + 7 * MINUTE_MS).toISOString());
  });

  it('stops a claim that was read just before it began or was prolonged [G9, G10]', async () => {
    const { store } = await createHouse();
    const claimed: boolean[] = [];
    for (const end of [NOON + MINUTE_MS, NOON + 2 * MINUTE_MS]) {
      const limits = await readLimits(store, [ARN], 'chg_3', NOON);
      await store.transact(await releaseWrites(store, [ARN], 'chg_1', end));
      const { committed } = await store.transact(claimWrites(limits, [ARN], 'chg_3', 1, NOON));
      claimed.push(committed);
    }
    const now = await readLimits(store, [ARN], 'chg_3', NOON + 2 * MINUTE_MS);
    const { committed } = await store.transact(claimWrites(now, [ARN], 'chg_3', 1, NOON + 2 * MINUTE_MS));

    expect([claimed, committed]).to.deep.equal([[false, false], true]);
  });
});

describe('the count of changes', () => {
  /** Claims a resource for each change, one after the other. */
  async function claimEach(changes: Record<string, number>) {
    const { store } = await createHouse();
    for (const [id, at] of Object.entries(changes)) {
      const limits = await readLimits(store, [id], id, at);
      await store.transact(claimWrites(limits, [id], id, 1, at));
    }
    return store;
  }

  it('holds every running change but the one that asks [G9]', async () => {
    const store = await claimEach({ chg_1: NOON, chg_2: NOON });

    const { running } = await readLimits(store, [ARN], 'chg_3', NOON);
    const withoutItself = await readLimits(store, [ARN], 'chg_2', NOON);
    await store.transact(await releaseWrites(store, ['chg_1'], 'chg_1'));
    const later = await readLimits(store, [ARN], 'chg_3', NOON);

    expect([running, withoutItself.running, later.running]).to.deep.equal([2, 1, 1]);
  });

  it('holds a start for a whole hour, and says when the first one leaves [G9]', async () => {
    const store = await claimEach({ chg_1: NOON, chg_2: NOON + MINUTE_MS });
    const standingAt = async (ms: number) => {
      const { startedLastHour, nextSlotAt } = await readLimits(store, [ARN], 'chg_3', NOON + ms);
      return [startedLastHour, nextSlotAt && Date.parse(nextSlotAt) - NOON];
    };

    expect(await standingAt(60 * MINUTE_MS - 1)).to.deep.equal([2, 60 * MINUTE_MS]);
    expect(await standingAt(60 * MINUTE_MS)).to.deep.equal([1, 61 * MINUTE_MS]);
    expect(await standingAt(61 * MINUTE_MS)).to.deep.equal([0, undefined]);
  });
});
