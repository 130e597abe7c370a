import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { answerInTime } from '../../store/answer-in-time.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put, type Store } from '../../store/store.ts';
import { refused } from './ends.ts';
import { counters, note, notes } from './notes.ts';
import { virtualClock } from './virtual-clock.ts';

describe('a store that is not waited for without end', () => {
  const { clock } = virtualClock(0);
  const list = { index: 'by_time', partition: 'all', limit: 5 };
  let inner: Store;
  let store: Store;
  /** The store carries out everything so many ms late. */
  let lateMs: number;

  beforeEach(async () => {
    lateMs = 0;
    inner = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    const late = async () => void (lateMs > 0 && (await clock.sleep(lateMs)));
    const slow: Store = {
      get: (kind, id) => late().then(() => inner.get(kind, id)),
      query: (kind, query) => late().then(() => inner.query(kind, query)),
      places: (kind, query) => late().then(() => inner.places(kind, query)),
      transact: (writes, options) => late().then(() => inner.transact(writes, options)),
      close: () => inner.close(),
    };
    store = answerInTime(slow, clock);
  });

  afterEach(() => store.close());

  it('does what the store does, and waits no longer than the store takes', async () => {
    lateMs = 3_900;
    const since = clock.now();

    const first = await store.transact([put(notes, 'n', note())]);
    const again = await store.transact([put(notes, 'n', note())]);
    const found = await store.get(notes, 'n');

    expect([first.committed, again.committed]).to.deep.equal([true, false]);
    expect(found?.value).to.deep.equal(note());
    expect(clock.now() - since).to.equal(3 * 3_900);
  });

  it('gives up each kind of call, all of them together within 5 s [A3]', async () => {
    lateMs = 60_000;
    const since = clock.now();

    const errors = [
      await refused(store.transact([put(counters, 'c', { count: 1 })])),
      await refused(store.get(counters, 'c')),
      await refused(store.query(notes, list)),
      await refused(store.places(notes, list)),
    ];

    expect(errors.map(({ code, retryable }) => [code, retryable])).to.deep.equal(
      Array(4).fill(['store_unavailable', true]),
    );
    expect(clock.now() - since).to.be.at.most(5_000);
  });

  it('does not say that a commit it gave up was not made: it may be, later [A3]', async () => {
    lateMs = 10_000;

    const error = await refused(store.transact([put(counters, 'c', { count: 1 })]));
    await clock.sleep(20_000);
    lateMs = 0;
    const made = await store.get(counters, 'c');

    expect(error.hint).to.include('Whether this was recorded is known after the next read');
    expect(made?.value).to.deep.equal({ count: 1 });
  });

  it('gives what was answered while the process stood still the time to be heard [A3]', async () => {
    const path = mkdtempSync(join(tmpdir(), 'opsagent-still-'));
    const real = await createSqliteStore({ path: join(path, 'ops.db'), clock: systemClock, log: silentLog });
    const watched = answerInTime(real, systemClock);
    const commits = Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => watched.transact([put(counters, `c${n}`, { count: n })])),
    );
    await nextLoop();

    const until = performance.now() + 4_600;
    while (performance.now() < until);
    const ends = await commits;

    expect(ends.filter(({ status }) => status === 'rejected')).to.deep.equal([]);
    await watched.close();
    rmSync(path, { recursive: true });
  }).timeout(15_000);

  it('is patient again once a call that was given up has its answer', async () => {
    lateMs = 10_000;
    await refused(store.get(counters, 'c'));
    await clock.sleep(20_000);
    lateMs = 3_900;

    const found = await store.get(counters, 'c');

    expect(found).to.equal(undefined);
  });
});
