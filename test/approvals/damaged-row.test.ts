import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { CALLS, createHouse, type House, NOON, propose, stored } from './house.ts';

const never = new AbortController().signal;

describe('a change whose row is damaged', () => {
  let folder: string;
  let house: House;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-damaged-'));
    house = await createHouse({ path: join(folder, 'ops.db') });
  });
  afterEach(async () => {
    await house.store.close();
    rmSync(folder, { recursive: true });
  });

  function damage(id: string): void {
    const db = new Database(join(folder, 'ops.db'));
    db.prepare("UPDATE records SET body = '{}' WHERE kind = 'approval' AND id = ?").run(id);
    db.close();
  }

  it('does not keep a sweep from the others, nor a list from showing them, and is never run [A3, G10]', async () => {
    const [bad, good] = [await propose(house, CALLS.medium), await propose(house, CALLS.low)];
    damage(bad.id);
    house.setNow(NOON + 16 * 60_000);

    const swept = await house.gate.sweep(never);
    const shown = await house.desk.approvals({ state: 'decided', limit: 10 });

    expect(swept.expired).to.equal(1);
    expect((await stored(house, good.id)).state).to.equal('expired');
    expect(shown.rows.map(({ id }) => id)).to.deep.equal([good.id]);
    expect(house.aws.writes).to.deep.equal([]);
  });
});
