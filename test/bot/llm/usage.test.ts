import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { createUsageLedger, type Spent } from '../../../bot/llm/usage.ts';
import { systemClock } from '../../../lib/clock.ts';
import { asOpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const ALICE = 'alice@example.com';
const BOB = 'bob@example.com';

const openStore = (path = ':memory:') => createSqliteStore({ path, clock: systemClock, log: silentLog });

const aTurn = (more: Partial<Spent> = {}): Spent => ({
  calls: 2,
  tokens: { input: 100, cacheRead: 2000, cacheWrite: 300, output: 40 },
  costUsd: 0.0123,
  ...more,
});

describe('the usage ledger', () => {
  it('keeps one row a person and UTC day, and adds to it [L6]', async () => {
    const ledger = createUsageLedger(await openStore());
    await ledger.add(ALICE, Date.parse('2026-11-20T00:00:00.000Z'), aTurn());
    await ledger.add(ALICE, Date.parse('2026-11-20T23:59:59.999Z'), aTurn({ costUsd: 0.5 }));

    const rows = await ledger.days(NOON, NOON);

    expect(rows).to.deep.equal([
      {
        ...{ day: '2026-11-20', person: ALICE, turns: 2, calls: 4, costMicroUsd: 512_300 },
        tokens: { input: 200, cacheRead: 4000, cacheWrite: 600, output: 80 },
      },
    ]);
  });

  it('tells what a person has used today, and nothing of yesterday or of others [L6]', async () => {
    const ledger = createUsageLedger(await openStore());
    await ledger.add(ALICE, NOON - DAY_MS, aTurn());
    await ledger.add(BOB, NOON, aTurn());
    await ledger.add(ALICE, NOON, aTurn({ calls: 3, costUsd: 0.25 }));

    const [alice, nobody] = [await ledger.today(ALICE, NOON), await ledger.today('carol@example.com', NOON)];

    expect(alice).to.deep.equal(aTurn({ calls: 3, costUsd: 0.25 }));
    expect(nobody).to.deep.equal({
      ...{ calls: 0, costUsd: 0 },
      tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 },
    });
  });

  it('lists the days asked for, newest first, the first and the last included [L6]', async () => {
    const ledger = createUsageLedger(await openStore());
    for (const ago of [0, 1, 2, 3, -1]) await ledger.add(ALICE, NOON - ago * DAY_MS, aTurn());
    await ledger.add(BOB, NOON - DAY_MS, aTurn());

    const rows = await ledger.days(NOON - 2 * DAY_MS, NOON);

    expect(rows.map(({ day, person }) => `${day} ${person}`)).to.deep.equal([
      `2026-11-20 ${ALICE}`,
      `2026-11-19 ${BOB}`,
      `2026-11-19 ${ALICE}`,
      `2026-11-18 ${ALICE}`,
    ]);
  });

  it('lists more rows than the store gives at once [L6]', async () => {
    const ledger = createUsageLedger(await openStore());
    const people = Array.from({ length: 250 }, (_, index) => `person-${index}@example.com`);
    await Promise.all(people.map((person) => ledger.add(person, NOON, aTurn())));

    const rows = await ledger.days(NOON, NOON);

    expect(new Set(rows.map(({ person }) => person)).size).to.equal(250);
  });

  it('adds up over days and people to what was added, counted at once through two handles [L6]', async () => {
    const turns = fc.array(
      fc.record({
        person: fc.constantFrom(ALICE, BOB),
        ago: fc.integer({ min: 0, max: 5 }),
        spent: fc.record({
          calls: fc.integer({ min: 1, max: 40 }),
          tokens: fc.record({ input: fc.nat(), cacheRead: fc.nat(), cacheWrite: fc.nat(), output: fc.nat() }),
          costUsd: fc.integer({ min: 0, max: 5_000_000 }).map((micro) => micro / 1_000_000),
        }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    const sum = (of: readonly number[]) => of.reduce((one, other) => one + other, 0);

    await fc.assert(
      fc.asyncProperty(turns, async (added) => {
        const store = await openStore();
        const handles = [createUsageLedger(store), createUsageLedger(store)] as const;
        await Promise.all(
          added.map(({ person, ago, spent }, index) =>
            handles[index % 2 === 0 ? 0 : 1].add(person, NOON - ago * DAY_MS, spent),
          ),
        );

        const rows = await handles[0].days(NOON - 5 * DAY_MS, NOON);
        await store.close();

        expect(sum(rows.map(({ turns: counted }) => counted))).to.equal(added.length);
        expect(sum(rows.map(({ calls }) => calls))).to.equal(sum(added.map(({ spent }) => spent.calls)));
        expect(sum(rows.map(({ costMicroUsd }) => costMicroUsd))).to.equal(
          sum(added.map(({ spent }) => Math.round(spent.costUsd * 1_000_000))),
        );
        for (const kind of ['input', 'cacheRead', 'cacheWrite', 'output'] as const)
          expect(sum(rows.map(({ tokens }) => tokens[kind])), kind).to.equal(
            sum(added.map(({ spent }) => spent.tokens[kind])),
          );
      }),
      { numRuns: 30 },
    );
  });

  it('gives up, and says that the turn was not counted, when others are always faster [L6]', async () => {
    const store = await openStore();
    const losing: Store = {
      ...store,
      transact: async () => ({ committed: false, because: 'conflict', kind: 'model_usage', id: 'x' }),
    };

    const refusal = await createUsageLedger(losing).add(ALICE, NOON, aTurn()).catch(asOpsError);

    expect(refusal).to.include({ code: 'store_unavailable', retryable: true });
  });
});

describe('the usage ledger between processes', function () {
  this.timeout(60_000);
  const inFolder = temporaryFolder();
  const program = fileURLToPath(new URL('adding-program.ts', import.meta.url));

  it('loses no turn though two processes count the same person and day at once [L6]', async () => {
    const adding = () =>
      spawn(process.execPath, [program, inFolder('ops.db'), ALICE, String(NOON), '60'], { stdio: 'inherit' });
    const [one, other] = [adding(), adding()];

    const ends = await Promise.all([once(one, 'close'), once(other, 'close')]);

    const store = await openStore(inFolder('ops.db'));
    const rows = await createUsageLedger(store).days(NOON, NOON);
    await store.close();
    expect(ends.map(([code]) => code)).to.deep.equal([0, 0]);
    expect(rows).to.deep.equal([
      {
        ...{ day: '2026-11-20', person: ALICE, turns: 120, calls: 240, costMicroUsd: 1_200_000 },
        tokens: { input: 1200, cacheRead: 2400, cacheWrite: 3600, output: 4800 },
      },
    ]);
  });
});
