import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { createUsageLedger } from '../../bot/llm/usage.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';

const DAY_MS = 86_400_000;
const turn = {
  calls: 2,
  tokens: { input: 1000, cacheRead: 10_000, cacheWrite: 2000, output: 500 },
  costUsd: 0.0123,
};
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

describe('opsagent usage', function () {
  this.timeout(30_000);
  let house: Installation;
  let now: number;

  beforeEach(async () => {
    house = install();
    now = systemClock.now();
    mkdirSync(house.path('data'));
    const store = await createSqliteStore({ path: house.path('data/ops.db'), clock: systemClock, log: silentLog });
    const ledger = createUsageLedger(store);
    await ledger.add(ALICE, now, turn);
    await ledger.add(BOB, now - 3 * DAY_MS, turn);
    await store.close();
  });

  afterEach(() => {
    house.remove();
  });

  it('says one line of JSON with each row, the sum and the caps [L6]', async () => {
    writeFileSync(house.path('policy.yaml'), 'model: {usd_per_person_day: 2.5}\n');

    const { code, stdout } = await house.run(['usage', '--json'], { POLICY_FILE: house.path('policy.yaml') });

    const said = JSON.parse(stdout);
    const taken = {
      ...{ turns: 1, calls: 2, cost_usd: 0.0123 },
      tokens: { input: 1000, cache_read: 10_000, cache_write: 2000, output: 500 },
    };
    expect(code).to.equal(0);
    expect(stdout.match(/\n/g)).to.have.length(1);
    expect(said.rows).to.deep.equal([
      { day: dayOf(now), person: ALICE, ...taken },
      { day: dayOf(now - 3 * DAY_MS), person: BOB, ...taken },
    ]);
    expect(said).to.include({ days: 7, total_usd: 0.0246 });
    expect(said.caps).to.include({ usd_per_person_day: 2.5, usd_per_turn: 1 });
  });

  it('shows a table of as many days as were asked for [L6]', async () => {
    const one = await house.run(['usage', '--days', '1']);
    const week = await house.run(['usage']);

    expect(one.stdout)
      .to.match(/alice@example\.com +1 +2 +13,000 +500 +\$0\.0123/)
      .and.not.include('bob@');
    expect(week.stdout).to.include('bob@example.com').and.include('Together $0.0246');
  });

  it('names a number of days that is none, and ends with 2 [L6, O3]', async () => {
    const ends = await Promise.all(['0', '401', 'week', '1.5'].map((days) => house.run(['usage', '--days', days])));

    for (const { code, stdout, stderr } of ends) {
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr)
        .to.match(/--days cannot be/)
        .and.include('from 1 to 400');
    }
  });
});
