import { expect } from 'chai';
import { claimWrites, readLimits, releaseWrites } from '../../approvals/ledger.ts';
import { createHouse, NOON } from './house.ts';

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
