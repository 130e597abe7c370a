import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { type Approval, approvalKind } from '../../approvals/approval.ts';
import { loadConfig } from '../../lib/config.ts';
import { utc } from '../../lib/utc.ts';
import { restore } from '../../main/restore.ts';
import { put } from '../../store/store.ts';
import { CALLS, createHouse, propose, stored } from '../approvals/house.ts';
import { refused } from '../store/ends.ts';
import { movableClock } from '../store/movable-clock.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** More than a page of the list that a restore looks through. */
const EXPIRED = 250;
const iso = (ms: number) => new Date(ms).toISOString();

describe('opsagent restore', function () {
  this.timeout(30_000);
  const inFolder = temporaryFolder();

  /** A backup with many changes of one state that ended long ago, and one that goes on until `end`. */
  async function backupWith(state: 'pending' | 'approved', end: string): Promise<string> {
    const path = inFolder('backup.db');
    const house = await createHouse({ path, clock: movableClock(Date.now() - 86_400_000) });
    const { id } = await propose(house, CALLS.low);
    const one = await stored(house, id);
    const write = (id: string, more: Partial<Approval>) =>
      house.store.transact([put(approvalKind, id, { ...one, id, state, ...more })]);
    const past = iso(0);
    await Promise.all(
      Array.from({ length: EXPIRED }, (_, n) => write(`chg-${n}`, { expires_at: past, exec_deadline: past })),
    );
    await write('chg-live', { expires_at: end, exec_deadline: end });
    await house.store.close();
    return path;
  }

  for (const state of ['pending', 'approved'] as const)
    it(`refuses a backup whose live ${state} change comes after ${EXPIRED} that have expired [O4, G10]`, async () => {
      const end = iso(Date.now() + 600_000);
      const from = await backupWith(state, end);
      const config = loadConfig({ STORE: `sqlite:${inFolder('ops.db')}` });

      const { code, message, hint } = await refused(restore(config, from, () => {}));

      expect(code).to.equal('store_unavailable');
      expect(message).to.include('could still run');
      expect(hint).to.include(utc(end));
      expect(existsSync(inFolder('ops.db'))).to.equal(false);
    });
});
